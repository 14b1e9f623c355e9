using FluentValidation;
using KeyVaultApp.Agents;
using KeyVaultApp.Domain;
using KeyVaultApp.Keys;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using KeyVaultApp.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Dashboard;

/// <summary>
/// Fills an empty installation with a plausible fleet: agents on raw keys that are shared, doubled, spoilt or missing, and
/// an administration that has begun to tidy up. It goes through the slices that everybody goes through, in one transaction: a
/// demo that is broken off leaves nothing, and can be started again.
/// </summary>
public sealed class CreateDemo(
    KeyVaultDb db, ILegacyKeys legacy, CreateWorkspace createWorkspace, CreateKey createKey, CreateAgent createAgent, DisableKey disableKey, TimeProvider clock)
{
    private const int ExternalIdPercent = 85;
    private const int ReferencePercent = 12;

    public sealed record Form(int Workspaces = 12, int Agents = 400);

    public sealed record Result(int Workspaces, int Agents, int Keys);

    private sealed class Validator : AbstractValidator<Form>
    {
        public Validator()
        {
            RuleFor(form => form.Workspaces).InclusiveBetween(1, 1000).WithMessage("{PropertyName} is 1 to 1000.");
            RuleFor(form => form.Agents).InclusiveBetween(0, 20_000).WithMessage("{PropertyName} is 0 to 20000.");
        }
    }

    private static readonly Validator Rules = new();

    private sealed record DemoKey(Guid Id, KeyKind Kind, HashSet<Guid> Workspaces);

    /// <exception cref="Refusal">There is something in the database already: code <c>not_empty</c>.</exception>
    public async Task<Result> RunAsync(Form form, Actor actor, CancellationToken ct)
    {
        Rules.Check(form);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.Workspaces.AnyAsync(ct) || await db.Keys.AnyAsync(ct))
            throw Refusal.Conflict("not_empty", "There are workspaces or keys already. The demo fills an empty installation only.");

        var values = new DemoValues();
        var workspaces = new List<Guid>();
        for (var i = 0; i < form.Workspaces; i++)
            workspaces.Add(await createWorkspace.RunAsync(new CreateWorkspace.Form(DemoValues.Workspace(i)), actor, ct));
        var (keys, retired) = await KeysAsync(values, workspaces, actor, ct);

        var counts = new int[workspaces.Count];
        for (var i = 0; i < form.Agents; i++)
        {
            var workspace = i < workspaces.Count ? i : values.SkewedWorkspace(workspaces.Count);
            await createAgent.AddAsync(workspaces[workspace], Agent(values, workspace, counts[workspace]++, workspaces[workspace], keys), actor, ct);
            db.ChangeTracker.Clear();
        }

        await disableKey.DisableAsync(retired, new DisableKey.Form(Confirm: true), actor, ct);
        await transaction.CommitAsync(ct);
        return new Result(workspaces.Count, form.Agents, keys.Count);
    }

    private CreateAgent.Form Agent(DemoValues values, int workspace, int number, Guid workspaceId, IReadOnlyList<DemoKey> keys)
    {
        Guid? Usable(KeyKind kind) => keys.LastOrDefault(key => key.Kind == kind && key.Workspaces.Contains(workspaceId))?.Id;
        Guid? Reference(KeyKind kind) => !values.Chance(ReferencePercent) ? null : keys.FirstOrDefault(key => key.Kind == kind && key.Workspaces.Contains(workspaceId))?.Id;
        Secret? Old(KeyKind kind) => values.OldKey(workspace, kind, Usable(kind)) is { } value && legacy.Exist ? value : null;
        return new CreateAgent.Form
        {
            Name = DemoValues.Agent(number),
            ExternalId = values.Chance(ExternalIdPercent) ? $"agent-{workspace + 1:00}-{number + 1:000}" : null,
            SelectedTtsKeyId = Reference(KeyKind.Tts),
            SelectedSttKeyId = Reference(KeyKind.Stt),
            SelectedElevenlabsKeyId = Reference(KeyKind.Elevenlabs),
            TtsKey = Old(KeyKind.Tts),
            SttKey = Old(KeyKind.Stt),
            ElevenlabsKey = Old(KeyKind.Elevenlabs),
        };
    }

    /// <summary>The keys, and the one that is disabled once agents use it.</summary>
    private async Task<(IReadOnlyList<DemoKey> Keys, Guid Retired)> KeysAsync(DemoValues values, List<Guid> workspaces, Actor actor, CancellationToken ct)
    {
        var soon = clock.GetUtcNow().AddDays(12);
        var keys = new List<DemoKey>();
        async Task<Guid> AddAsync(string name, KeyKind kind, string provider, string value, double share, string? notes = null, DateTimeOffset? expires = null)
        {
            var within = workspaces.Take((int)Math.Ceiling(workspaces.Count * share)).ToList();
            var (id, _) = await createKey.RunAsync(new CreateKey.Form(name, kind, provider, null, new Secret(value), within, notes, expires, SkipTest: true), actor, ct);
            keys.Add(new DemoKey(id, kind, [.. within]));
            return id;
        }

        await AddAsync("Production-TTS-Primary", KeyKind.Tts, "azure-speech", values.Shared(KeyKind.Tts, 0), 0.7, "The one most agents should end up with.");
        await AddAsync("Production-STT-Primary", KeyKind.Stt, "deepgram", values.Shared(KeyKind.Stt, 0), 0.6);
        await AddAsync("Voices-Studio", KeyKind.Elevenlabs, "elevenlabs", values.Shared(KeyKind.Elevenlabs, 0), 0.4);
        await AddAsync("Production-TTS-Fallback", KeyKind.Tts, "azure-speech", values.MadeUp(KeyKind.Tts), 1);
        await AddAsync("Voices-Trial", KeyKind.Elevenlabs, "elevenlabs", values.MadeUp(KeyKind.Elevenlabs), 0.2, "Trial, ends by itself.", soon);
        await AddAsync("STT-Nightly-Batch", KeyKind.Stt, "deepgram", values.Shared(KeyKind.Stt, 1), 0, "Made, and not assigned yet.");
        var retired = await AddAsync("TTS-Old-Contract", KeyKind.Tts, "azure-speech", values.Shared(KeyKind.Tts, 2), 0.5, "The contract ended; agents are being moved.");
        return (keys, retired);
    }
}
