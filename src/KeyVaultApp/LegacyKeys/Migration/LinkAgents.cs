using KeyVaultApp.Domain;
using KeyVaultApp.Rollout;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>
/// Links the next batch of agents to their KeyResources. Compare and swap, with the agents held from the one to the other: a slot is
/// written only where the old column holds what the plan saw and the reference is empty, and only where old columns are read. They
/// are never written.
/// </summary>
public sealed class LinkAgents(
    KeyVaultDb db, RunLease lease, RunSettings settings, Phases phases, PlannedSlots planned, KnownValues known, HeldAgents agents, MakePlannedKeys make, LinkedAgents linked, Journal journal, RecentFingerprints fingerprints)
{
    private sealed record Slot(Guid AgentId, PlannedSlots.Group Group, AgentSlots? Agent, bool IsReferencesOnly)
    {
        public Guid? KeyBefore => Agent?.Reference(Group.Kind);
    }

    private sealed record Planned(Guid AgentId, int? TtsGroup, int? SttGroup, int? ElevenlabsGroup);

    /// <summary>What the plan wants of a batch, with everything held that it depends on.</summary>
    private sealed record Batch(List<Planned> Agents, Dictionary<int, PlannedSlots.Group> Groups, IReadOnlyDictionary<Guid, RolloutPhase> Phases);

    /// <param name="memory">Of whoever works on the run.</param>
    /// <returns>Whether there was a batch.</returns>
    public async Task<bool> RunAsync(MigrationRun run, RunMemory memory, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await lease.RenewAsync(run.Id, ct);
        var after = run.Cursor ?? Guid.Empty;
        var next = await NextAsync(run.PlanId, after, ct);
        if (next is []) return false;

        var last = next[^1].AgentId;
        var batch = await HoldAsync(run, next, memory, ct);
        var table = await linked.CreateAsync(ct);
        var unseen = await known.FindAsync(run, table, KnownSlots(batch, memory), [.. batch.Agents.Select(agent => agent.AgentId)], after, last, ct);
        var slots = await SlotsAsync(batch, unseen, ct);
        var found = slots.ConvertAll(slot => (Slot: slot, Outcome: Outcome(slot)));
        var keys = await make.RunAsync(run, Orders(found), ct);
        var others = await linked.AddAsync(table, found.ConvertAll(one => Entry(run, one.Slot, one.Outcome, keys)), ct);
        var count = await linked.WriteAsync(run, table, after, last, ct);
        await journal.WriteAsync(run, others, last, count, ct);
        await transaction.CommitAsync(ct);
        foreach (var (value, keyId) in keys) memory.AddMade(value, keyId);
        foreach (var (slot, outcome) in found)
            if (outcome == SlotOutcome.Linked) memory.AddValue(slot.Group.Number, slot.Agent!.LegacyKey(slot.Group.Kind)!);
        return true;
    }

    private Task<List<Planned>> NextAsync(Guid planId, Guid after, CancellationToken ct) => db.PlanAgents
        .Where(agent => agent.PlanId == planId && agent.AgentId > after).OrderBy(agent => agent.AgentId).Take(settings.BatchSize)
        .Select(agent => new Planned(agent.AgentId, agent.TtsGroup, agent.SttGroup, agent.ElevenlabsGroup)).ToListAsync(ct);

    /// <summary>Phases before keys before agents, as everybody locks them.</summary>
    private async Task<Batch> HoldAsync(MigrationRun run, List<Planned> batch, RunMemory memory, CancellationToken ct)
    {
        int[] numbers = [.. batch.SelectMany(Numbers).Distinct()];
        var wanted = await planned.FindAsync(run, numbers, memory, ct);
        var inForce = await phases.HoldAsync([.. wanted.Select(group => group.Plan.WorkspaceId).Distinct()], ct);
        var groups = await planned.HoldAsync(wanted, memory, ct);
        var handled = batch.FindAll(agent => Numbers(agent).Any(groups.ContainsKey));
        await agents.HoldAsync([.. handled.Select(agent => agent.AgentId)], ct);
        return new Batch(handled, groups, inForce);
    }

    /// <summary>Each group, with the known value and the key for its slots where one that holds that value would be linked.</summary>
    private static List<KnownValues.Slot> KnownSlots(Batch batch, RunMemory memory) => [.. batch.Groups.Values.Select(group =>
    {
        var value = memory.Value(group.Number);
        var fits = value is not null && !IsToBeMade(group) && group.Fits(value) && batch.Phases.GetValueOrDefault(group.WorkspaceId) != RolloutPhase.ReferencesOnly;
        return new KnownValues.Slot(group.Number, fits ? value : null, fits ? group.KeyId : null);
    })];

    /// <summary>Those that are left, one by one.</summary>
    private async Task<List<Slot>> SlotsAsync(Batch batch, HashSet<Guid> unseen, CancellationToken ct)
    {
        var left = batch.Agents.FindAll(agent => !unseen.Contains(agent.AgentId));
        var held = await agents.ReadAsync([.. left.Select(agent => agent.AgentId)], ct);
        return [.. left.SelectMany(agent => Numbers(agent).Where(batch.Groups.ContainsKey)
            .Select(number => new Slot(agent.AgentId, batch.Groups[number], held.GetValueOrDefault(agent.AgentId), IsReferencesOnly(agent.AgentId))))];

        bool IsReferencesOnly(Guid agentId) =>
            held.TryGetValue(agentId, out var agent) && batch.Phases.GetValueOrDefault(agent.WorkspaceId) == RolloutPhase.ReferencesOnly;
    }

    private static IEnumerable<int> Numbers(Planned agent)
    {
        if (agent.TtsGroup is { } tts) yield return tts;
        if (agent.SttGroup is { } stt) yield return stt;
        if (agent.ElevenlabsGroup is { } elevenlabs) yield return elevenlabs;
    }

    /// <summary>As it is before any key is made: a slot whose key is still to be made counts as linked.</summary>
    private SlotOutcome Outcome(Slot slot)
    {
        if (slot.Agent is not { } agent) return SlotOutcome.AgentGone;
        if (slot.KeyBefore is not null) return SlotOutcome.AlreadyReferenced;
        if (slot.IsReferencesOnly) return SlotOutcome.ReferencesOnly;
        var group = slot.Group;
        if (agent.LegacyKey(group.Kind) is not { } value || fingerprints.Of(group.Kind, value) != group.Fingerprint) return SlotOutcome.LegacyChanged;
        return IsToBeMade(group) || group.Fits(value) ? SlotOutcome.Linked : SlotOutcome.KeyUnavailable;
    }

    private static bool IsToBeMade(PlannedSlots.Group group) => group is { Action: PlanAction.Create, IsMade: false };

    /// <summary>Each missing key once, out of the first slot that holds it.</summary>
    private static List<MakePlannedKeys.Order> Orders(List<(Slot Slot, SlotOutcome Outcome)> found) =>
        [.. found.Where(one => one.Outcome == SlotOutcome.Linked && IsToBeMade(one.Slot.Group))
            .DistinctBy(one => (one.Slot.Group.Kind, one.Slot.Group.Fingerprint))
            .Select(one => new MakePlannedKeys.Order(one.Slot.Group.Kind, one.Slot.Group.Fingerprint, one.Slot.Group.KeyName!, one.Slot.Agent!.LegacyKey(one.Slot.Group.Kind)!))];

    private static JournalEntry Entry(MigrationRun run, Slot slot, SlotOutcome outcome, IReadOnlyDictionary<(KeyKind, string), Guid?> made)
    {
        var keyId = outcome != SlotOutcome.Linked ? null : IsToBeMade(slot.Group) ? made[(slot.Group.Kind, slot.Group.Fingerprint)] : slot.Group.KeyId;
        return new JournalEntry
        {
            RunId = run.Id,
            AgentId = slot.AgentId,
            Kind = slot.Group.Kind,
            Outcome = outcome == SlotOutcome.Linked && keyId is null ? SlotOutcome.KeyUnavailable : outcome,
            KeyBefore = slot.KeyBefore,
            KeyAfter = keyId,
        };
    }
}
