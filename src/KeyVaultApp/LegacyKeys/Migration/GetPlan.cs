using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>A plan, what is in its buckets, and how much of it a run would handle as things are decided now.</summary>
public sealed class GetPlan(KeyVaultDb db)
{
    /// <param name="WorkspaceIds">What it is about; null is the installation.</param>
    /// <param name="Slots">That a run links.</param>
    /// <param name="NewKeys">KeyResources that a run makes.</param>
    /// <param name="Undecided">Groups that a run leaves alone because nobody has decided about them.</param>
    /// <param name="HasRun">A run of it was started: its decisions are settled.</param>
    public sealed record Answer(
        Guid Id, string Hash, PlanCounts Counts, DateTimeOffset CreatedAt, string CreatedBy, bool AllWorkspaces, IReadOnlyList<Guid>? WorkspaceIds,
        int Slots, int NewKeys, int Undecided, bool HasRun);

    public async Task<Answer> RunAsync(Guid id, CancellationToken ct)
    {
        var plan = await db.MigrationPlans.AsNoTracking().Include(row => row.Workspaces).SingleOrDefaultAsync(row => row.Id == id, ct) ?? throw Refusal.NotFound("plan");
        var groups = db.PlanGroups.Where(group => group.PlanId == id);
        return new Answer(
            plan.Id,
            plan.Hash,
            await PlanCounts.ReadAsync(db, id, ct),
            plan.CreatedAt,
            plan.CreatedBy,
            plan.AllWorkspaces,
            plan.AllWorkspaces ? null : [.. plan.Workspaces.Select(workspace => workspace.WorkspaceId)],
            await groups.Where(group => group.Action == PlanAction.Link || group.Action == PlanAction.Create).SumAsync(group => group.Agents, ct),
            await groups.Where(group => group.Action == PlanAction.Create).Select(group => new { group.Kind, group.Fingerprint }).Distinct().CountAsync(ct),
            await groups.CountAsync(group => group.Bucket == PlanBucket.NeedsDecision && group.Action == null, ct),
            await db.MigrationRuns.AnyAsync(run => run.PlanId == id, ct));
    }
}
