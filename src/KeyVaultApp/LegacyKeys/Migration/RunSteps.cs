using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>Finds out where a run is and does the next piece of it. All it goes by stands in the database, so any process can go on.</summary>
public sealed class RunSteps(
    KeyVaultDb db, RunLease lease, AssignPlannedKeys assign, LinkAgents link, RestoreAgents restore, RemoveUnusedKeys remove, CountShadow shadow, EndRun end)
{
    /// <param name="memory">Of whoever works on the run.</param>
    /// <returns>Whether there is more to do.</returns>
    public async Task<bool> NextAsync(Guid runId, RunMemory memory, CancellationToken ct)
    {
        var run = await db.FindRunAsync(runId, ct);
        if (run.State != RunState.Running) throw new LeaseLostException();
        if (run.Request != RunRequest.None)
        {
            await end.ObeyAsync(run, ct);
            return false;
        }

        switch (run.Step)
        {
            case RunStep.Keys:
                if (!await assign.RunAsync(run, ct)) await GoToAsync(run, RunStep.Agents, ct);
                return true;
            case RunStep.Agents:
                var isLeft = run.RollsBack is null ? await link.RunAsync(run, memory, ct) : await restore.RunAsync(run, ct);
                if (!isLeft) await GoToAsync(run, RunStep.Check, ct);
                return true;
            default:
                if (run.RemoveUnusedKeys && await remove.RunAsync(run, ct)) return true;
                await end.CompleteAsync(run, await shadow.RunAsync(await WorkspacesAsync(run, ct), ct), ct);
                return false;
        }
    }

    /// <returns>Those of the plan; null where that is about all of them.</returns>
    private async Task<IReadOnlyCollection<Guid>?> WorkspacesAsync(MigrationRun run, CancellationToken ct)
    {
        var plan = await db.MigrationPlans.AsNoTracking().Include(row => row.Workspaces).SingleAsync(row => row.Id == run.PlanId, ct);
        return plan.AllWorkspaces ? null : [.. plan.Workspaces.Select(workspace => workspace.WorkspaceId)];
    }

    private async Task GoToAsync(MigrationRun run, RunStep step, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await lease.RenewAsync(run.Id, ct);
        await db.MigrationRuns.Where(row => row.Id == run.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Step, step).SetProperty(row => row.Cursor, (Guid?)null), ct);
        await transaction.CommitAsync(ct);
    }
}
