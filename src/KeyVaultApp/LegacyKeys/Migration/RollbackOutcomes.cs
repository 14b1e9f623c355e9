using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>
/// Says what rolling back does to slots that a run wrote, for the preview and for the roll-back itself. Whether an agent's
/// answer changes is asked of the rules of resolution, in the phase of its workspace.
/// </summary>
public sealed class RollbackOutcomes(KeyVaultDb db, RecentFingerprints fingerprints, TimeProvider clock)
{
    public async Task<IReadOnlyList<SlotOutcome>> OfAsync(
        IReadOnlyList<JournalEntry> written, IReadOnlyDictionary<Guid, AgentSlots> agents, bool force, CancellationToken ct)
    {
        var workspaceIds = agents.Values.Select(agent => agent.WorkspaceId).Distinct().ToArray();
        var installation = await db.Rollout.Select(rollout => rollout.Phase).SingleAsync(ct);
        var own = await db.Workspaces.Where(workspace => EF.Parameter(workspaceIds).Contains(workspace.Id)).ToDictionaryAsync(workspace => workspace.Id, workspace => workspace.Phase, ct);
        var keys = await NamedKeys.LoadAsync(db, [.. written.SelectMany(entry => KeyIds(entry, agents)).Distinct()], workspaceIds, ct);
        var now = clock.GetUtcNow();
        return [.. written.Select(Outcome)];

        SlotOutcome Outcome(JournalEntry entry)
        {
            if (!agents.TryGetValue(entry.AgentId, out var agent)) return SlotOutcome.AgentGone;
            if (agent.Reference(entry.Kind) != entry.KeyAfter) return SlotOutcome.EditedSince;
            var phase = own[agent.WorkspaceId] ?? installation;
            return force || Answer(agent, entry.Kind, entry.KeyAfter, phase) == Answer(agent, entry.Kind, entry.KeyBefore, phase)
                ? SlotOutcome.Restored
                : SlotOutcome.AnswerWouldChange;
        }

        // Two answers are the same where this is the same: the value by its fingerprint, or the reason why there is none.
        (string? Fingerprint, UnavailableReason? Reason) Answer(AgentSlots agent, KeyKind kind, Guid? reference, RolloutPhase phase)
        {
            var value = agent.LegacyKey(kind);
            return SlotAnswer.Of(kind, phase, reference, value is null, value?.AsKeyId, id => keys.Find(id, agent.WorkspaceId), now) switch
            {
                SlotAnswer.RawKey => (fingerprints.Of(kind, value!), null),
                SlotAnswer.Resource resource => (resource.Key.Fingerprint, null),
                SlotAnswer.Unavailable unavailable => (null, unavailable.Reason),
                _ => (null, null),
            };
        }
    }

    private static IEnumerable<Guid> KeyIds(JournalEntry entry, IReadOnlyDictionary<Guid, AgentSlots> agents) =>
        new[] { entry.KeyAfter, entry.KeyBefore, agents.GetValueOrDefault(entry.AgentId)?.LegacyKey(entry.Kind)?.AsKeyId }.OfType<Guid>();
}
