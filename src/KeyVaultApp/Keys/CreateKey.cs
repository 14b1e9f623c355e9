using FluentValidation;
using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using KeyVaultApp.Workspaces;

namespace KeyVaultApp.Keys;

public sealed class CreateKey(KeyVaultDb db, NewVersions versions, ITestKeys testKeys, KeyTests tests, ActivityLog activity, TimeProvider clock)
{
    /// <param name="SkipTest">Saves without asking the provider; the activity log keeps that.</param>
    public sealed record Form(
        string? Name, KeyKind? Kind, string? Provider, string? Region, Secret? Value, IReadOnlyList<Guid>? WorkspaceIds,
        string? Notes, DateTimeOffset? ExpiresAt, bool? SkipTest);

    public sealed record Answer(Guid Id, KeyTrial Trial);

    private sealed class Validator : AbstractValidator<Form>
    {
        public Validator()
        {
            RuleFor(form => form.Name).IsName(KeyResource.NameMaxLength);
            RuleFor(form => form.Kind).NotNull().WithMessage("kind is missing: tts, stt or elevenlabs.");
            RuleFor(form => form.Provider).IsProvider();
            RuleFor(form => form.Region).IsRegion();
            RuleFor(form => form.Value).IsValue();
            RuleFor(form => form.WorkspaceIds).AreWorkspaces();
            RuleFor(form => form.Notes).IsText(KeyResource.NotesMaxLength, severalLines: true);
        }
    }

    private static readonly Validator Rules = new();

    public async Task<Answer> RunAsync(Form form, Actor actor, CancellationToken ct)
    {
        Rules.Check(form);
        if (form.ExpiresAt <= clock.GetUtcNow()) throw Refusal.Invalid("expires_at", "expires_at must be in the future.");
        var workspaces = await db.RequireWorkspacesAsync(form.WorkspaceIds ?? [], ct);
        var skip = form.SkipTest is true;
        var trial = await testKeys.TryAsync(new KeyCandidate(form.Kind!.Value, form.Provider, form.Region, form.Value!), skip, ct);
        KeyTests.RefuseIfRejected(trial.Test);

        var now = clock.GetUtcNow();
        var key = new KeyResource(Guid.CreateVersion7(now), form.Kind.Value, form.Name!.Trim(), now)
        {
            Provider = form.Provider,
            Notes = form.Notes.NullIfBlank(),
            ExpiresAt = form.ExpiresAt,
        };
        key.Follow(await versions.SealAsync(key, 1, form.Value!, form.Region, actor, ct), now);
        tests.Add(key, trial.Test, actor);
        key.Assignments.AddRange(workspaces.Select(workspace => new KeyAssignment { KeyId = key.Id, WorkspaceId = workspace }));
        db.Keys.Add(key);
        activity.Record(actor, Actions.KeyCreated, Target.Of(key), after: new
        {
            key.Name,
            key.Kind,
            key.Provider,
            key.Region,
            key.Last4,
            key.ExpiresAt,
            key.Notes,
            WorkspaceIds = workspaces,
            SkipTest = skip,
            Test = trial.Test.Outcome,
        });
        await db.SaveUniqueNameAsync("key", ct);
        return new Answer(key.Id, trial);
    }
}
