using KeyVaultApp.Domain;
using KeyVaultApp.Storage;

namespace KeyVaultApp.KeyAudit;

/// <summary>Which workspaces hold a key in an old column, now: one pass over the agents for all keys that are asked about.</summary>
internal sealed class HeldKeys
{
    private readonly Dictionary<(KeyKind Kind, string Fingerprint), HashSet<Guid>> _holders;

    private HeldKeys(Dictionary<(KeyKind Kind, string Fingerprint), HashSet<Guid>> holders) => _holders = holders;

    public static async Task<HeldKeys> FindAsync(
        KeyVaultDb db, ILegacyKeys legacy, KnownKeys keys, IReadOnlySet<(KeyKind Kind, string Fingerprint)> wanted, IProgress<string>? progress, CancellationToken ct)
    {
        var holders = wanted.ToDictionary(key => key, _ => new HashSet<Guid>());
        if (wanted.Count == 0 || !legacy.Exist) return new HeldKeys(holders);

        db.AllowLongStatements();
        var agents =
            from agent in db.Agents
            from rollout in db.Rollout
            where (agent.Workspace.Phase ?? rollout.Phase) != RolloutPhase.ReferencesOnly
            select new Row { AgentId = agent.Id, WorkspaceId = agent.WorkspaceId };
        var read = 0;
        await foreach (var (row, old) in legacy.DescribeAsync(agents, row => row.AgentId, findings: false, ct))
        {
            if (++read % 1000 == 0) progress?.Report($"{read:N0} agents compared");
            foreach (var (kind, slot) in old?.ByKind ?? new Dictionary<KeyKind, LegacySlot>())
                if (holders.TryGetValue((kind, slot.Fingerprint), out var workspaces) && (slot.KeyId is not { } id || !keys.Has(id)))
                    workspaces.Add(row.WorkspaceId);
        }

        return new HeldKeys(holders);
    }

    public IReadOnlySet<Guid> Holders(KeyKind kind, string fingerprint) => _holders[(kind, fingerprint)];

    private sealed class Row
    {
        public Guid? AgentId { get; init; }
        public Guid WorkspaceId { get; init; }
    }
}
