using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>Has a run stop for a while. Whoever works on it obeys between two batches; where nobody does it is paused at once.</summary>
public sealed class PauseRun(KeyVaultDb db, RunLease lease, ActivityLog activity)
{
    public async Task RunAsync(Guid id, Actor actor, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var isFree = await lease.HoldIfFreeAsync(id, ct);
        var run = await db.FindRunAsync(id, ct);
        if (run.State == RunState.Paused || run.Request == RunRequest.Pause) return;
        var moving = db.MigrationRuns.Where(row => row.Id == id && (row.State == RunState.Pending || row.State == RunState.Running));
        var changed = isFree
            ? await moving.ExecuteUpdateAsync(set => set.SetProperty(row => row.State, RunState.Paused).SetProperty(row => row.Request, RunRequest.None), ct)
            : await moving.ExecuteUpdateAsync(set => set.SetProperty(row => row.Request, RunRequest.Pause), ct);
        if (changed == 0) throw Refusal.Conflict("run_ended", "The run has ended.");

        activity.Record(actor, Actions.RunPaused, RunLookup.TargetOf(run), after: new { run.Done, run.Total });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}
