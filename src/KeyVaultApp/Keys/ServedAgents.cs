using KeyVaultApp.Domain;
using KeyVaultApp.Rollout;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Keys;

/// <summary>
/// Of the agents that use keys, those whose slot is answered with one in the phase they are in: they lose it when it stops. The
/// others name it where nobody looks now. Whether the key itself is stopped already is not asked.
/// </summary>
public sealed class ServedAgents(KeyVaultDb db, ILegacyKeys legacy, Phases phases)
{
    private sealed class Slot
    {
        public Guid WorkspaceId { get; init; }
        public RolloutPhase Phase { get; init; }
        public Guid? Reference { get; init; }
        public string? OldKeyRef { get; init; }
    }

    public async Task<int> CountAsync(Guid keyId, KeyKind kind, CancellationToken ct) => (await CountAsync([(keyId, kind)], ct)).GetValueOrDefault(keyId);

    /// <returns>By key; those that serve nobody are left out.</returns>
    public async Task<IReadOnlyDictionary<Guid, int>> CountAsync(IEnumerable<(Guid Id, KeyKind Kind)> keys, CancellationToken ct)
    {
        var installation = await phases.OfInstallationAsync(ct);
        var served = new Dictionary<Guid, int>();
        foreach (var kind in keys.GroupBy(key => key.Kind, key => key.Id))
        {
            var slots = Slots(kind.Key, installation);
            foreach (var (id, count) in await ByReferenceAsync(slots, [.. kind.Select(id => (Guid?)id)], ct)) served[id] = served.GetValueOrDefault(id) + count;
            foreach (var (id, count) in await ByOldKeyAsync(slots, [.. kind], ct)) served[id] = served.GetValueOrDefault(id) + count;
        }

        return served;
    }

    private async Task<IReadOnlyDictionary<Guid, int>> ByReferenceAsync(IQueryable<Slot> slots, Guid?[] ids, CancellationToken ct) => await slots
        .Where(slot => ids.Contains(slot.Reference) && slot.Phase != RolloutPhase.DirectKeys
            && db.KeyAssignments.Any(assignment => assignment.KeyId == slot.Reference && assignment.WorkspaceId == slot.WorkspaceId))
        .GroupBy(slot => slot.Reference)
        .Select(agents => new { Id = agents.Key!.Value, Count = agents.Count() })
        .ToDictionaryAsync(key => key.Id, key => key.Count, ct);

    private async Task<IReadOnlyDictionary<Guid, int>> ByOldKeyAsync(IQueryable<Slot> slots, Guid[] ids, CancellationToken ct)
    {
        string?[] texts = [.. ids.Select(id => id.ToString())];
        return await slots
            .Where(slot => texts.Contains(slot.OldKeyRef)
                && (slot.Phase == RolloutPhase.DirectKeys || (slot.Phase == RolloutPhase.ReferencesWithFallback && slot.Reference == null))
                && db.KeyAssignments.Any(assignment => ids.Contains(assignment.KeyId) && assignment.WorkspaceId == slot.WorkspaceId
                    && assignment.KeyId.ToString().ToLower() == slot.OldKeyRef))
            .GroupBy(slot => slot.OldKeyRef)
            .Select(agents => new { Text = agents.Key!, Count = agents.Count() })
            .ToDictionaryAsync(key => Guid.Parse(key.Text), key => key.Count, ct);
    }

    private IQueryable<Slot> Slots(KeyKind kind, RolloutPhase installation)
    {
        var agents =
            from agent in db.Agents
            join workspace in db.Workspaces on agent.WorkspaceId equals workspace.Id
            join row in legacy.Rows on agent.Id equals row.AgentId into old
            from row in old.DefaultIfEmpty()
            select new { agent, row, Phase = workspace.Phase ?? installation };
        return kind switch
        {
            KeyKind.Tts => agents.Select(one => new Slot
            {
                WorkspaceId = one.agent.WorkspaceId,
                Phase = one.Phase,
                Reference = one.agent.SelectedTtsKeyId,
                OldKeyRef = one.row!.TtsKeyRef,
            }),
            KeyKind.Stt => agents.Select(one => new Slot
            {
                WorkspaceId = one.agent.WorkspaceId,
                Phase = one.Phase,
                Reference = one.agent.SelectedSttKeyId,
                OldKeyRef = one.row!.SttKeyRef,
            }),
            _ => agents.Select(one => new Slot
            {
                WorkspaceId = one.agent.WorkspaceId,
                Phase = one.Phase,
                Reference = one.agent.SelectedElevenlabsKeyId,
                OldKeyRef = one.row!.ElevenlabsKeyRef,
            }),
        };
    }
}
