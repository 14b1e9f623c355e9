using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>The plans there are, newest first.</summary>
public sealed class ListPlans(KeyVaultDb db)
{
    /// <param name="WorkspaceCount">Of a plan that is not about all of them.</param>
    /// <param name="Slots">That a run links.</param>
    /// <param name="Undecided">Groups that wait for a decision.</param>
    public sealed record Row(
        Guid Id, string Hash, DateTimeOffset CreatedAt, string CreatedBy, bool AllWorkspaces, int WorkspaceCount, int Slots, int Undecided, bool HasRun);

    private static readonly Sorting<MigrationPlan> Sorting = new("-created_at", ("created_at", plan => plan.CreatedAt));

    public Task<Page<Row>> RunAsync(ListQuery list, CancellationToken ct) => Sorting.Apply(db.MigrationPlans.AsNoTracking(), list.Sort, plan => plan.Id)
        .Select(plan => new Row(
            plan.Id,
            plan.Hash,
            plan.CreatedAt,
            plan.CreatedBy,
            plan.AllWorkspaces,
            plan.Workspaces.Count,
            db.PlanGroups.Where(group => group.PlanId == plan.Id && (group.Action == PlanAction.Link || group.Action == PlanAction.Create)).Sum(group => group.Agents),
            db.PlanGroups.Count(group => group.PlanId == plan.Id && group.Bucket == PlanBucket.NeedsDecision && group.Action == null),
            db.MigrationRuns.Any(run => run.PlanId == plan.Id)))
        .ToPageAsync(list, ct);
}
