using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>Makes this process the one that works on the run that has not ended, where nobody does.</summary>
public sealed class TakeUpRun(KeyVaultDb db, RunLease lease, TimeProvider clock)
{
    /// <param name="only">Just this run; null is whichever there is.</param>
    /// <returns>The run that is this process's to work on now.</returns>
    public async Task<Guid?> RunAsync(Guid? only, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        // A look without a lock: it is taken every second and nearly always finds nothing.
        var waiting = await (
            from row in db.MigrationLease
            where row.RunId != null && (row.Holder == null || row.Until < now)
            join run in db.MigrationRuns on row.RunId equals run.Id
            where run.State == RunState.Pending || run.State == RunState.Running
            select (Guid?)run.Id).SingleOrDefaultAsync(ct);
        if (waiting is not { } id || (only is not null && only != id)) return null;

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (!await lease.TakeAsync(id, ct) || !await BeginAsync(db, id, now, ct)) return null;
        await transaction.CommitAsync(ct);
        return id;
    }

    /// <summary>For whoever has just taken the lease, in the same transaction.</summary>
    /// <returns>False where the run was paused or has ended.</returns>
    internal static async Task<bool> BeginAsync(KeyVaultDb db, Guid id, DateTimeOffset now, CancellationToken ct) =>
        await db.MigrationRuns.Where(run => run.Id == id && (run.State == RunState.Pending || run.State == RunState.Running)).ExecuteUpdateAsync(
            set => set.SetProperty(run => run.State, RunState.Running).SetProperty(run => run.StartedAt, run => run.StartedAt ?? now), ct) == 1;
}
