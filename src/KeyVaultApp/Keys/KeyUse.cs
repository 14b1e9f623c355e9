using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Keys;

/// <summary>An agent that uses a key, and in which slots.</summary>
public sealed record KeyUser(Guid Id, string Name, string? ExternalId, Guid WorkspaceId, string WorkspaceName, IReadOnlyList<KeyKind> Kinds);

/// <param name="Agents">The first of them by name.</param>
public sealed record KeyUsers(int Total, IReadOnlyList<KeyUser> Agents)
{
    public static readonly KeyUsers None = new(0, []);
}

/// <summary>Who uses a key: agents that reference it in any phase, and agents that reach it through a UUID in an old column.</summary>
public sealed class KeyUse(KeyVaultDb db, ILegacyKeys legacy, ServedAgents served, TimeProvider clock)
{
    public const string InUseCode = "key_in_use";

    /// <summary>How many agents a refusal names; their number is told as well.</summary>
    private const int NamedInRefusal = 50;

    public Task<Page<KeyUser>> PageAsync(Guid keyId, ListQuery list, CancellationToken ct) =>
        Rows(keyId, Of(keyId).OrderBy(agent => agent.NormalizedName).ThenBy(agent => agent.Id)).ToPageAsync(list, ct);

    public Task<int> CountAsync(Guid keyId, CancellationToken ct) => Of(keyId).CountAsync(ct);

    /// <summary>
    /// Makes sure until the end of the transaction that nobody begins to use the key. Whoever points an agent at a key takes
    /// the same locks, so that "not in use" stays true between looking and writing on every provider.
    /// </summary>
    public async Task LockAsync(IEnumerable<Guid> keyIds, CancellationToken ct)
    {
        foreach (var id in keyIds.Distinct().Order())
            await db.Keys.Where(key => key.Id == id).ExecuteUpdateAsync(key => key.SetProperty(row => row.Version, row => row.Version), ct);
    }

    /// <summary>Refuses with <c>key_in_use</c>, naming agents, where any agent (of these workspaces) uses the key.</summary>
    public async Task RefuseIfUsedAsync(Guid keyId, string message, CancellationToken ct, IReadOnlyCollection<Guid>? workspaceIds = null)
    {
        var users = await InAsync(keyId, workspaceIds, ct);
        if (users.Total > 0) throw InUse(message, users.Total, users.Agents);
    }

    /// <summary>Refuses with <c>key_in_use</c> where any agent uses the key, and says how many of them would lose theirs.</summary>
    public async Task RefuseToStopAsync(KeyResource key, string stop, CancellationToken ct)
    {
        var users = await InAsync(key.Id, null, ct);
        if (users.Total == 0) return;
        var losing = key.IsUsable(clock.GetUtcNow()) ? await served.CountAsync(key.Id, key.Kind, ct) : 0;
        throw InUse(
            $"Agents use {key.Name}. If it stops, {StopWords.Effect(key.Kind, users.Total, losing)}. Confirm to {stop} all the same, or move them to another key first.",
            users.Total, users.Agents);
    }

    /// <summary>How many agents (of these workspaces) use the key, and the first of them by name.</summary>
    public async Task<KeyUsers> InAsync(Guid keyId, IReadOnlyCollection<Guid>? workspaceIds, CancellationToken ct)
    {
        var agents = Of(keyId);
        if (workspaceIds is not null) agents = agents.Where(agent => workspaceIds.Contains(agent.WorkspaceId));
        var total = await agents.CountAsync(ct);
        if (total == 0) return KeyUsers.None;

        var named = await Rows(keyId, agents.OrderBy(agent => agent.NormalizedName).ThenBy(agent => agent.Id).Take(NamedInRefusal)).ToListAsync(ct);
        return new KeyUsers(total, named);
    }

    public static Refusal InUse(string message, int total, IReadOnlyList<KeyUser> agents) => new(RefusalKind.Conflict, InUseCode, message)
    {
        Facts = new Dictionary<string, object?> { ["total"] = total, ["agents"] = agents },
    };

    /// <summary>As a query that others can be composed with.</summary>
    internal IQueryable<Agent> Of(Guid keyId)
    {
        var text = keyId.ToString();
        var users = db.Agents
            .Where(agent => agent.SelectedTtsKeyId == keyId || agent.SelectedSttKeyId == keyId || agent.SelectedElevenlabsKeyId == keyId)
            .Select(agent => agent.Id)
            .Union(legacy.Rows
                .Where(row => row.TtsKeyRef == text || row.SttKeyRef == text || row.ElevenlabsKeyRef == text)
                .Select(row => row.AgentId));
        return db.Agents.AsNoTracking().Where(agent => users.Contains(agent.Id));
    }

    private IQueryable<KeyUser> Rows(Guid keyId, IQueryable<Agent> agents)
    {
        var text = keyId.ToString();
        return
            from agent in agents
            join row in legacy.Rows on agent.Id equals row.AgentId into old
            from row in old.DefaultIfEmpty()
            let tts = agent.SelectedTtsKeyId == keyId || row!.TtsKeyRef == text
            let stt = agent.SelectedSttKeyId == keyId || row!.SttKeyRef == text
            let elevenlabs = agent.SelectedElevenlabsKeyId == keyId || row!.ElevenlabsKeyRef == text
            select new KeyUser(agent.Id, agent.Name, agent.ExternalId, agent.WorkspaceId, agent.Workspace.Name, Kinds(tts, stt, elevenlabs));
    }

    private static List<KeyKind> Kinds(bool tts, bool stt, bool elevenlabs) =>
        [.. new[] { (tts, KeyKind.Tts), (stt, KeyKind.Stt), (elevenlabs, KeyKind.Elevenlabs) }.Where(slot => slot.Item1).Select(slot => slot.Item2)];
}
