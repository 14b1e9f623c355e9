using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>Goes on with a run that was paused, that failed, or that nobody works on any more.</summary>
public sealed class ResumeRun(KeyVaultDb db, RunLease lease, RunSignal signal, ActivityLog activity)
{
    public async Task RunAsync(Guid id, Actor actor, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var run = await db.FindRunAsync(id, ct);
        if (run.State == RunState.Failed && !await lease.ReserveAsync(id, here: false, ct)) throw await db.AnotherRunsAsync(ct);
        var changed = await db.MigrationRuns
            .Where(row => row.Id == id && (row.State == RunState.Paused || row.State == RunState.Failed))
            .ExecuteUpdateAsync(set => set
                .SetProperty(row => row.State, RunState.Pending)
                .SetProperty(row => row.Request, RunRequest.None)
                .SetProperty(row => row.Error, (string?)null)
                .SetProperty(row => row.EndedAt, (DateTimeOffset?)null), ct);
        // Asked to pause, and not there yet: then it just goes on.
        changed += await db.MigrationRuns
            .Where(row => row.Id == id && row.Request == RunRequest.Pause && (row.State == RunState.Pending || row.State == RunState.Running))
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Request, RunRequest.None), ct);
        if (changed == 0)
        {
            if (run.State.HasEnded()) throw Refusal.Conflict("run_ended", "The run has ended. Make a new plan: it finds what is left.");
            return;
        }

        activity.Record(actor, Actions.RunResumed, RunLookup.TargetOf(run), after: new { run.Done, run.Total });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        signal.Raise();
    }
}
