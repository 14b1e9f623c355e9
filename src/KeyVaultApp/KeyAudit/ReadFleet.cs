using System.Runtime.CompilerServices;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;

namespace KeyVaultApp.KeyAudit;

/// <summary>
/// The agents by workspace, name and id, each slot as it resolves in the phase of its workspace. One statement, read as a
/// stream; what it looks up beside is asked on a connection of its own.
/// </summary>
internal sealed class ReadFleet(KeyVaultDb db, ILegacyKeys legacy, TimeProvider clock)
{
    private sealed class Row
    {
        public Guid? WithOldColumns { get; init; }
        public Guid WorkspaceId { get; init; }
        public string WorkspaceName { get; init; } = "";
        public string WorkspaceNormalizedName { get; init; } = "";
        public RolloutPhase Phase { get; init; }
        public string Name { get; init; } = "";
        public string? ExternalId { get; init; }
        public Guid? Tts { get; init; }
        public Guid? Stt { get; init; }
        public Guid? Elevenlabs { get; init; }

        public Guid? Reference(KeyKind kind) => kind switch
        {
            KeyKind.Tts => Tts,
            KeyKind.Stt => Stt,
            _ => Elevenlabs,
        };
    }

    /// <param name="workspaceId">The one that is asked for; null for all.</param>
    /// <param name="installation">Its phase.</param>
    public async IAsyncEnumerable<AuditedAgent> RunAsync(Guid? workspaceId, RolloutPhase installation, KnownKeys keys, [EnumeratorCancellation] CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var workspace = new AuditedWorkspace(0, Guid.Empty, "", installation, false);
        await foreach (var (row, old) in legacy.DescribeAsync(Rows(installation), row => row.WithOldColumns, findings: true, ct))
        {
            if (row.WorkspaceId != workspace.Id)
            {
                workspace = new AuditedWorkspace(workspace.Number + 1, row.WorkspaceId, row.WorkspaceName, row.Phase, workspaceId is null || workspaceId == row.WorkspaceId);
                await keys.ComeToAsync(row.WorkspaceId, row.WorkspaceNormalizedName, ct);
            }

            yield return new AuditedAgent(workspace, row.Name, row.ExternalId, [.. KeyKinds.All.Select(kind =>
                Slot(kind, row.Phase, row.Reference(kind), old?.ByKind.GetValueOrDefault(kind), workspace.Id, keys, now))]);
        }
    }

    private IQueryable<Row> Rows(RolloutPhase installation) =>
        from workspace in db.Workspaces
        join agent in db.Agents on workspace.Id equals agent.WorkspaceId
        orderby workspace.NormalizedName, agent.NormalizedName, agent.Id
        let phase = workspace.Phase ?? installation
        select new Row
        {
            WithOldColumns = phase == RolloutPhase.ReferencesOnly ? null : agent.Id,
            WorkspaceId = workspace.Id,
            WorkspaceName = workspace.Name,
            WorkspaceNormalizedName = workspace.NormalizedName,
            Phase = phase,
            Name = agent.Name,
            ExternalId = agent.ExternalId,
            Tts = agent.SelectedTtsKeyId,
            Stt = agent.SelectedSttKeyId,
            Elevenlabs = agent.SelectedElevenlabsKeyId,
        };

    private static AuditedSlot Slot(KeyKind kind, RolloutPhase phase, Guid? reference, LegacySlot? old, Guid workspaceId, KnownKeys keys, DateTimeOffset now)
    {
        if (reference is null && old is null) return AuditedSlot.Empty;
        var raw = old is { KeyId: { } id } && keys.Has(id) ? null : old;
        var same = raw is null ? null : keys.WithValue(kind, raw.Fingerprint, workspaceId);
        return SlotAnswer.Of(kind, phase, reference, old is null, old?.KeyId, key => keys.Find(key, workspaceId), now) switch
        {
            SlotAnswer.RawKey => new AuditedSlot(AuditedState.Legacy, null, raw!.Last4, raw.Fingerprint, same!.Names, raw, same),
            SlotAnswer.Resource { Source: KeySource.Reference } named => new AuditedSlot(AuditedState.Reference, null, named.Key.Last4, named.Key.Fingerprint, named.Key.Name, raw, same),
            SlotAnswer.Resource named => new AuditedSlot(AuditedState.Legacy, null, named.Key.Last4, named.Key.Fingerprint, named.Key.Name, raw, same),
            SlotAnswer.Unavailable broken => new AuditedSlot(AuditedState.Broken, broken.Reason, broken.Key.Last4, broken.Key.Fingerprint, broken.Key.Name, raw, same),
            _ => AuditedSlot.Empty with { Raw = raw, RawKeys = same },
        };
    }
}
