using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>Goes on with a run that was paused, that failed, or that nobody works on any more.</summary>
public sealed class ResumeRun(KeyVaultDb db, RunLease lease, RunSignal signal, ActivityLog activity, TimeProvider clock)
{
    /// <param name="here">Whether this process works on it where nobody does, as a command does; else any instance that serves.</param>
    /// <returns>Whether it is this process's to work on now.</returns>
    public async Task<bool> RunAsync(Guid id, Actor actor, CancellationToken ct, bool here = false)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var now = clock.GetUtcNow();
        var run = await db.FindRunAsync(id, ct);
        if (run.State == RunState.Failed && !await lease.ReserveAsync(id, here: false, ct)) throw await db.AnotherRunsAsync(ct);
        // In the same transaction: else an instance that serves may be there first.
        var isTaken = here && await lease.TakeAsync(id, ct);
        var isResumed = await db.MigrationRuns
            .Where(row => row.Id == id && (row.State == RunState.Paused || row.State == RunState.Failed))
            .ExecuteUpdateAsync(set => set
                .SetProperty(row => row.State, RunState.Pending)
                .SetProperty(row => row.Request, RunRequest.None)
                .SetProperty(row => row.Error, (string?)null)
                .SetProperty(row => row.EndedAt, (DateTimeOffset?)null), ct) == 1;
        // Asked to pause, and not there yet: then it just goes on.
        isResumed |= await db.MigrationRuns
            .Where(row => row.Id == id && row.Request == RunRequest.Pause && (row.State == RunState.Pending || row.State == RunState.Running))
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Request, RunRequest.None), ct) == 1;
        if (!isResumed && run.State.HasEnded()) throw Refusal.Conflict("run_ended", "The run has ended. Make a new plan: it finds what is left.");
        if (!isResumed && !isTaken) return false;

        if (isTaken) await TakeUpRun.BeginAsync(db, id, now, ct);
        if (isResumed)
        {
            activity.Record(actor, Actions.RunResumed, RunLookup.TargetOf(run), after: new { run.Done, run.Total });
            await db.SaveChangesAsync(ct);
        }

        await transaction.CommitAsync(ct);
        if (!isTaken) signal.Raise();
        return isTaken;
    }
}
