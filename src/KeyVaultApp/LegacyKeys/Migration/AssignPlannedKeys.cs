using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>Before the agents: assigns KeyResources to the workspaces whose agents get linked to them and that lack them.</summary>
public sealed class AssignPlannedKeys(KeyVaultDb db, RunLease lease, ActivityLog activity, TimeProvider clock)
{
    private const int PairsAtOnce = 500;

    private sealed record Pair(Guid KeyId, Guid WorkspaceId);

    /// <returns>Whether there was anything to assign.</returns>
    public async Task<bool> RunAsync(MigrationRun run, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await lease.RenewAsync(run.Id, ct);
        var installation = await db.Rollout.Select(rollout => rollout.Phase).SingleAsync(ct);
        var missing = await Missing(run, installation).Take(PairsAtOnce).ToListAsync(ct);
        if (missing is []) return false;

        var ids = missing.Select(pair => pair.KeyId).Distinct().ToArray();
        await db.HoldRowsAsync("api_key_resources", ids, isShared: false, ct);
        var keys = await db.Keys.Where(key => EF.Parameter(ids).Contains(key.Id)).ToListAsync(ct);
        // Whoever deletes a key meanwhile was waited for.
        var pairs = missing.Where(pair => keys.Exists(key => key.Id == pair.KeyId)).ToLookup(pair => pair.KeyId, pair => pair.WorkspaceId);
        var now = clock.GetUtcNow();
        foreach (var key in keys)
        {
            db.KeyAssignments.AddRange(pairs[key.Id].Select(workspace => new KeyAssignment { KeyId = key.Id, WorkspaceId = workspace }));
            db.RunAssignments.AddRange(pairs[key.Id].Select(workspace => new RunAssignment { RunId = run.Id, KeyId = key.Id, WorkspaceId = workspace }));
            key.Touch(now);
            activity.Record(RunLookup.StarterOf(run), Actions.KeyAssigned, Target.Of(key), after: new { RunId = run.Id, AddedWorkspaceIds = pairs[key.Id] });
        }

        await db.SaveChangesAsync(ct);
        var count = pairs.Sum(workspaces => workspaces.Count());
        await db.MigrationRuns.Where(row => row.Id == run.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.Assigned, row => row.Assigned + count), ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>What this run assigned and somebody took away since stays away. Where references alone are read, no agent gets linked.</summary>
    private IQueryable<Pair> Missing(MigrationRun run, RolloutPhase installation) =>
        from pair in db.PlanGroups
            .Where(planned => planned.PlanId == run.PlanId && planned.Action == PlanAction.Link && planned.KeyId != null)
            .Select(planned => new { KeyId = planned.KeyId!.Value, planned.WorkspaceId })
            .Distinct()
        where db.Keys.Any(key => key.Id == pair.KeyId)
            && db.Workspaces.Any(workspace => workspace.Id == pair.WorkspaceId && (workspace.Phase ?? installation) != RolloutPhase.ReferencesOnly)
            && !db.KeyAssignments.Any(assignment => assignment.KeyId == pair.KeyId && assignment.WorkspaceId == pair.WorkspaceId)
            && !db.RunAssignments.Any(made => made.RunId == run.Id && made.KeyId == pair.KeyId && made.WorkspaceId == pair.WorkspaceId)
        orderby pair.KeyId, pair.WorkspaceId
        select new Pair(pair.KeyId, pair.WorkspaceId);
}
