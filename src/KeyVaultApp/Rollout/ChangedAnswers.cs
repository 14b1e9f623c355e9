using System.Runtime.CompilerServices;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Rollout;

/// <summary>
/// Compares what every slot resolves to before and after a switch, by fingerprint and without opening a value. Agents that
/// the switch cannot touch are left out in SQL; the others are read in batches, so that memory does not grow with the fleet.
/// </summary>
public sealed class ChangedAnswers(KeyVaultDb db, ILegacyKeys legacy, TimeProvider clock)
{
    private const int BatchSize = 1000;

    /// <param name="since">Only agents that were made or edited since then.</param>
    public async IAsyncEnumerable<ChangedAgent> FindAsync(PhaseSwitch change, [EnumeratorCancellation] CancellationToken ct, DateTimeOffset? since = null)
    {
        if (change.Before == change.After) yield break;
        var affected = Affected(change);
        if (since is { } from) affected = affected.Where(agent => agent.UpdatedAt >= from);
        for (var last = Guid.Empty; ;)
        {
            var after = last;
            var batch = await affected.Where(agent => agent.Id > after).OrderBy(agent => agent.Id).Take(BatchSize).Include(agent => agent.Workspace).ToListAsync(ct);
            if (batch is []) yield break;
            last = batch[^1].Id;
            foreach (var agent in await CompareAsync(batch, change, ct)) yield return agent;
        }
    }

    private IQueryable<Agent> Affected(PhaseSwitch change)
    {
        var workspaces = change.Workspaces(db);
        var agents = db.Agents.AsNoTracking().Where(agent => workspaces.Any(workspace => workspace.Id == agent.WorkspaceId));
        return change.Before == RolloutPhase.ReferencesOnly || change.After == RolloutPhase.ReferencesOnly
            ? agents
            : agents.Where(agent => agent.SelectedTtsKeyId != null || agent.SelectedSttKeyId != null || agent.SelectedElevenlabsKeyId != null);
    }

    private async Task<IReadOnlyList<ChangedAgent>> CompareAsync(IReadOnlyList<Agent> batch, PhaseSwitch change, CancellationToken ct)
    {
        var old = await legacy.DescribeAsync([.. batch.Select(agent => agent.Id)], ct);
        Guid[] referenced = [.. batch.SelectMany(agent => KeyKinds.All.Select(agent.Reference)).OfType<Guid>().Distinct()];
        Guid[] named = [.. referenced.Union(old.Values.SelectMany(agent => agent.ByKind.Values).Select(slot => slot.KeyId).OfType<Guid>())];
        var keys = await NamedKeys.LoadAsync(db, named, [.. batch.Select(agent => agent.WorkspaceId).Distinct()], ct);
        var past = change.After == RolloutPhase.DirectKeys ? await db.PastFingerprintsAsync(referenced, ct) : new HashSet<(Guid, string)>();
        var now = clock.GetUtcNow();

        var changed = new List<ChangedAgent>();
        foreach (var agent in batch)
        {
            var slots = new List<ChangedSlot>();
            foreach (var kind in KeyKinds.All)
            {
                var held = old.GetValueOrDefault(agent.Id)?.ByKind.GetValueOrDefault(kind);
                SlotAnswer In(RolloutPhase phase) =>
                    SlotAnswer.Of(kind, phase, agent.Reference(kind), held is null, held?.KeyId, id => keys.Find(id, agent.WorkspaceId), now);
                var (before, after) = (In(change.Before), In(change.After));
                if (Comparable(before, held) == Comparable(after, held)) continue;
                slots.Add(new ChangedSlot(kind, Why(before, after, held, change.After, past), ToldAnswer.Of(before, held), ToldAnswer.Of(after, held)));
            }

            if (slots is not []) changed.Add(new ChangedAgent(agent.Id, agent.Name, agent.WorkspaceId, agent.Workspace.Name, [.. slots.Select(slot => slot.Kind)], slots));
        }

        return changed;
    }

    /// <summary>Two answers are the same where this is the same: the value by its fingerprint, or the reason why there is none.</summary>
    private static (string? Fingerprint, UnavailableReason? Reason) Comparable(SlotAnswer answer, LegacySlot? held) => answer switch
    {
        SlotAnswer.RawKey => (held!.Fingerprint, null),
        SlotAnswer.Resource resource => (resource.Key.Fingerprint, null),
        SlotAnswer.Unavailable unavailable => (null, unavailable.Reason),
        _ => (null, null),
    };

    private static ChangeReason Why(SlotAnswer before, SlotAnswer after, LegacySlot? held, RolloutPhase to, IReadOnlySet<(Guid KeyId, string Fingerprint)> past) => (before, after) switch
    {
        (_, SlotAnswer.Unavailable { Source: KeySource.Reference }) => ChangeReason.ReferenceUnavailable,
        (_, SlotAnswer.Unavailable) => ChangeReason.LegacyUnavailable,
        (_, SlotAnswer.NotConfigured) => to == RolloutPhase.DirectKeys ? ChangeReason.NoLegacyValue : ChangeReason.NoReference,
        (SlotAnswer.NotConfigured or SlotAnswer.Unavailable, _) => ChangeReason.WouldResolve,
        (_, SlotAnswer.Resource { Source: KeySource.Reference }) => ChangeReason.OtherValue,
        (SlotAnswer.Resource was, _) when past.Contains((was.Key.Id, Comparable(after, held).Fingerprint!)) => ChangeReason.ReplacedSince,
        _ => ChangeReason.OtherKeyPicked,
    };
}
