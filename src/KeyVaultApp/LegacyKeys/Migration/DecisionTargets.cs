using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>A decision with the groups of the plan that it is about.</summary>
internal sealed record DecisionTarget(int Index, Decision Decision, IReadOnlyList<PlanGroup> Groups);

internal static class DecisionTargets
{
    public static async Task<IReadOnlyList<DecisionTarget>> LoadAsync(
        KeyVaultDb db, Guid planId, IReadOnlyList<Decision> decisions, DecisionErrors errors, CancellationToken ct)
    {
        var fingerprints = decisions.Select(decision => decision.Fingerprint!).Distinct().ToArray();
        var groups = await db.PlanGroups
            .Where(group => group.PlanId == planId && group.Bucket != PlanBucket.NothingToDo && EF.Parameter(fingerprints).Contains(group.Fingerprint))
            .OrderBy(group => group.Number)
            .ToListAsync(ct);
        var byKey = groups.ToLookup(group => (group.Kind, group.Fingerprint));
        var decidedBy = new Dictionary<int, int>();
        var targets = new List<DecisionTarget>(decisions.Count);
        foreach (var (index, decision) in decisions.Index())
        {
            var holders = byKey[(decision.Kind!.Value, decision.Fingerprint!)];
            var target = new DecisionTarget(index, decision, [.. holders.Where(group => decision.WorkspaceId is null || group.WorkspaceId == decision.WorkspaceId)]);
            Check(target, holders.Any(), decisions, decidedBy, errors);
            targets.Add(target);
        }

        return targets;
    }

    private static bool AreTheSame(Decision one, Decision other) => one with { WorkspaceId = null } == other with { WorkspaceId = null };

    private static void Check(DecisionTarget target, bool isHeldAnywhere, IReadOnlyList<Decision> decisions, Dictionary<int, int> decidedBy, DecisionErrors errors)
    {
        if (!isHeldAnywhere)
            errors.Add(target.Index, "fingerprint", "The plan has nothing to do about such a key.");
        else if (target.Groups is [])
            errors.Add(target.Index, "workspace_id", "The plan has nothing to do about this key in that workspace.");
        else if (target.Decision.Action == PlanAction.Create && target.Groups.Any(group => group.Findings.HasFlag(HygieneFindings.NamesKey)))
            errors.Add(target.Index, "action", "No key can be made of this: it is the id of a key. Link to a key, or leave it.");
        foreach (var group in target.Groups)
            if (!decidedBy.TryAdd(group.Number, target.Index) && !AreTheSame(decisions[decidedBy[group.Number]], target.Decision))
                errors.Add(target.Index, null, $"decisions[{decidedBy[group.Number]}] decides otherwise about this key.");
    }
}
