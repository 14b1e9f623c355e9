using System.Data.Common;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>
/// Works on a run that this process holds the lease of, piece by piece: each is a transaction of its own in a scope of its own,
/// so that memory does not grow with the agents and whatever goes wrong costs one piece. While the database is away it waits for it.
/// </summary>
public sealed partial class RunWorker(IServiceScopeFactory scopes, StorageOptions storage, TimeProvider clock, ILogger<RunWorker> logger)
{
    /// <summary>Others may take a row away that a piece counts on; the next look at it tells. More than a few times is no coincidence.</summary>
    private const int MostConflicts = 5;

    private const string NoRoom = "The database has no room left. Make some, and resume the run.";
    private const string Unexpected = "Something unexpected happened; the log tells what. Resume the run once that is mended.";

    private static readonly TimeSpan RenewEvery = RunLease.Length / 3;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>
    /// SQLite has one writer at a time, and whoever waits for its turn looks every 100 ms at the latest. So long it is
    /// left free once a second, or people who save an agent would hardly ever get in while a run works.
    /// </summary>
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RoomForOthers = TimeSpan.FromMilliseconds(110);

    /// <param name="stop">Lets it finish the piece it is at, and frees the lease: another instance goes on at once.</param>
    /// <param name="pauser">Who has the run paused by that; null where it just changes hands.</param>
    public async Task RunAsync(Guid runId, CancellationToken stop, Actor? pauser = null)
    {
        using var done = new CancellationTokenSource();
        var renewed = new Renewed(clock);
        var memory = new RunMemory();
        var renewing = RenewAsync(runId, renewed, done.Token);
        try
        {
            for (var turn = clock.GetTimestamp(); !stop.IsCancellationRequested;)
            {
                if (!await TryNextAsync(runId, memory, stop)) return;
                renewed.Now();
                if (!storage.IsEmbedded || clock.GetElapsedTime(turn) < Turn) continue;
                await Task.Delay(RoomForOthers, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                turn = clock.GetTimestamp();
            }

            await InScopeAsync(scope => pauser is null
                ? scope.GetRequiredService<RunLease>().ReleaseAsync(runId, CancellationToken.None)
                : scope.GetRequiredService<EndRun>().PauseAsync(runId, pauser, CancellationToken.None));
        }
        catch (LeaseLostException)
        {
            Log.Lost(logger, runId);
        }
        catch (Exception exception) when (exception is DbException or DbUpdateException or InvalidOperationException or TimeoutException && stop.IsCancellationRequested)
        {
            // Only letting go comes here, pieces deal with their own: there is nobody left to try again, and the lease runs out by itself.
            Log.NotReleased(logger, exception, runId);
        }
        finally
        {
            await done.CancelAsync();
            await renewing;
        }
    }

    /// <summary>The next piece, however often it takes; asked to stop, the caller lets go.</summary>
    private async Task<bool> TryNextAsync(Guid runId, RunMemory memory, CancellationToken stop)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await NextAsync(runId, memory);
            }
            catch (Exception exception) when (exception is DbException or DbUpdateException or InvalidOperationException or TimeoutException)
            {
                var error = Faults.IsFull(exception) ? NoRoom
                    : Faults.IsAway(exception) || (Faults.IsConflict(exception) && attempt < MostConflicts) ? null
                    : Unexpected;
                Log.PieceFailed(logger, exception, runId, attempt);
                memory.Forget();
                if (error is not null && await TryFailAsync(runId, error)) return false;
                var pause = ShortestPause * Math.Pow(2, Math.Min(attempt - 1, 10));
                await Task.Delay(pause < LongestPause ? pause : LongestPause, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (stop.IsCancellationRequested) return true;
            }
        }
    }

    private async Task<bool> NextAsync(Guid runId, RunMemory memory)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<RunSteps>().NextAsync(runId, memory, CancellationToken.None);
    }

    /// <returns>Whether that could be written: where there is no room at all it cannot, and the piece is tried again.</returns>
    private async Task<bool> TryFailAsync(Guid runId, string error)
    {
        try
        {
            await InScopeAsync(scope => scope.GetRequiredService<EndRun>().FailAsync(runId, error, CancellationToken.None));
            return true;
        }
        catch (Exception exception) when (exception is DbException or DbUpdateException)
        {
            return false;
        }
    }

    /// <summary>A piece may take longer than the lease lasts, such as making sure of a million agents at the end; the others renew it themselves.</summary>
    private async Task RenewAsync(Guid runId, Renewed renewed, CancellationToken done)
    {
        using var timer = new PeriodicTimer(RenewEvery, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(done))
                if (renewed.Ago >= RenewEvery)
                    await InScopeAsync(scope => TryRenewAsync(scope, runId, done));
        }
        catch (OperationCanceledException)
        {
            // The work is over.
        }
    }

    private static async Task TryRenewAsync(IServiceProvider scope, Guid runId, CancellationToken done)
    {
        try
        {
            await scope.GetRequiredService<RunLease>().RenewAsync(runId, done);
        }
        catch (Exception exception) when (exception is LeaseLostException or DbException or InvalidOperationException or TimeoutException)
        {
            // The next piece finds out for itself.
        }
    }

    private async Task InScopeAsync(Func<IServiceProvider, Task> work)
    {
        await using var scope = scopes.CreateAsyncScope();
        await work(scope.ServiceProvider);
    }

    /// <summary>When a piece last renewed the lease.</summary>
    private sealed class Renewed(TimeProvider clock)
    {
        private long _at = clock.GetTimestamp();

        public TimeSpan Ago => clock.GetElapsedTime(Volatile.Read(ref _at));

        public void Now() => Volatile.Write(ref _at, clock.GetTimestamp());
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Another instance works on run {RunId} by now")]
        public static partial void Lost(ILogger logger, Guid runId);

        [LoggerMessage(LogLevel.Warning, "The lease of run {RunId} could not be freed: another instance goes on in 15 seconds")]
        public static partial void NotReleased(ILogger logger, Exception exception, Guid runId);

        [LoggerMessage(LogLevel.Warning, "A piece of run {RunId} failed, attempt {Attempt}")]
        public static partial void PieceFailed(ILogger logger, Exception exception, Guid runId, int attempt);
    }
}
