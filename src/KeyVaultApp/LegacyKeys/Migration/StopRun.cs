using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>Ends a run before its time. What it has written stays, and can be rolled back.</summary>
public sealed class StopRun(KeyVaultDb db, RunLease lease, ActivityLog activity, TimeProvider clock)
{
    public async Task RunAsync(Guid id, Actor actor, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var isFree = await lease.HoldIfFreeAsync(id, ct);
        var run = await db.FindRunAsync(id, ct);
        if (run.State == RunState.Stopped || run.Request == RunRequest.Stop) return;
        var now = clock.GetUtcNow();
        var going = db.MigrationRuns.Where(row => row.Id == id && RunLookup.Unfinished.Contains(row.State));
        var changed = isFree
            ? await going.ExecuteUpdateAsync(set => set
                .SetProperty(row => row.State, RunState.Stopped).SetProperty(row => row.Request, RunRequest.None).SetProperty(row => row.EndedAt, now), ct)
            : await going.ExecuteUpdateAsync(set => set.SetProperty(row => row.Request, RunRequest.Stop), ct);
        if (changed == 0) throw Refusal.Conflict("run_ended", "The run has ended.");

        if (isFree) await lease.EndAsync(id, ct);
        activity.Record(actor, Actions.RunStopped, RunLookup.TargetOf(run), after: new { run.Done, run.Total });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}
