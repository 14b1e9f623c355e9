using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>This process among those that may work on a run, by a name that people can find it by.</summary>
public sealed class RunHolder
{
    private const int Distinguishing = 6;

    public string Name { get; } = $"{Environment.MachineName}:{Environment.ProcessId}:{Guid.NewGuid().ToString("N")[..Distinguishing]}";
}

/// <summary>Somebody else works on the run by now, or nobody may any more. What was being written is rolled back.</summary>
public sealed class LeaseLostException() : Exception("The run is no longer this instance's to work on.");

/// <summary>
/// The one row that says which run has not ended and who works on it. Every transaction of a run begins by renewing it: that
/// locks the row and fails for whoever has lost it, so that of two instances that both think they work on a run only one writes.
/// Clocks decide merely how soon another instance takes over, never who may write.
/// </summary>
public sealed class RunLease(KeyVaultDb db, RunHolder holder, TimeProvider clock)
{
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(15);

    /// <summary>Makes this the run that has not ended.</summary>
    /// <param name="here">Whether this process works on it; else whoever comes first.</param>
    /// <returns>False where another one has not ended.</returns>
    public Task<bool> ReserveAsync(Guid runId, bool here, CancellationToken ct) => UpdateAsync(
        Row.Where(lease => lease.RunId == null),
        set => set.SetProperty(lease => lease.RunId, runId).SetProperty(lease => lease.Holder, here ? holder.Name : null).SetProperty(lease => lease.Until, here ? Next : null), ct);

    /// <summary>Begins to work on the run where nobody does.</summary>
    public Task<bool> TakeAsync(Guid runId, CancellationToken ct) => UpdateAsync(
        Unheld(runId), set => set.SetProperty(lease => lease.Holder, holder.Name).SetProperty(lease => lease.Until, Next), ct);

    /// <exception cref="LeaseLostException">It was taken over, or the run was ended.</exception>
    public async Task RenewAsync(Guid runId, CancellationToken ct)
    {
        if (!await UpdateAsync(Ours(runId), set => set.SetProperty(lease => lease.Until, Next), ct)) throw new LeaseLostException();
    }

    /// <summary>Locks the row where nobody works on the run: whoever changes its state then need not wait for anybody to obey.</summary>
    public Task<bool> HoldIfFreeAsync(Guid runId, CancellationToken ct) => UpdateAsync(
        Unheld(runId), set => set.SetProperty(lease => lease.Holder, (string?)null).SetProperty(lease => lease.Until, (DateTimeOffset?)null), ct);

    /// <summary>Lets another instance take the run over at once.</summary>
    public Task ReleaseAsync(Guid runId, CancellationToken ct) => UpdateAsync(
        Ours(runId), set => set.SetProperty(lease => lease.Holder, (string?)null).SetProperty(lease => lease.Until, (DateTimeOffset?)null), ct);

    /// <summary>The run has ended: another may start.</summary>
    public Task EndAsync(Guid runId, CancellationToken ct) => UpdateAsync(
        Row.Where(lease => lease.RunId == runId),
        set => set.SetProperty(lease => lease.RunId, (Guid?)null).SetProperty(lease => lease.Holder, (string?)null).SetProperty(lease => lease.Until, (DateTimeOffset?)null), ct);

    private IQueryable<MigrationLease> Row => db.MigrationLease.Where(lease => lease.Id == MigrationLease.OnlyId);

    private DateTimeOffset? Next => clock.GetUtcNow() + Length;

    private IQueryable<MigrationLease> Ours(Guid runId) => Row.Where(lease => lease.RunId == runId && lease.Holder == holder.Name);

    private IQueryable<MigrationLease> Unheld(Guid runId)
    {
        var now = clock.GetUtcNow();
        return Row.Where(lease => lease.RunId == runId && (lease.Holder == null || lease.Until < now));
    }

    private static async Task<bool> UpdateAsync(IQueryable<MigrationLease> row, Action<UpdateSettersBuilder<MigrationLease>> set, CancellationToken ct) =>
        await row.ExecuteUpdateAsync(set, ct) == 1;
}
