using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>Every instance that serves looks about every second whether there is a run that nobody works on, and takes it up.</summary>
internal sealed partial class PickUpRuns(IServiceScopeFactory scopes, RunWorker worker, RunSignal signal, ILogger<PickUpRuns> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>So that instances that started together do not ask together.</summary>
    private static readonly TimeSpan MostJitter = TimeSpan.FromMilliseconds(300);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                if (await TryTakeUpAsync(stoppingToken) is { } runId) await worker.RunAsync(runId, stoppingToken);
                else await signal.WaitAsync(Pause + (MostJitter * Random.Shared.NextDouble()), stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server ends, perhaps because it never began: an alarm about that would hide why.
        }
    }

    private async Task<Guid?> TryTakeUpAsync(CancellationToken ct)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<TakeUpRun>().RunAsync(only: null, ct);
        }
        catch (Exception exception) when (exception is DbException or DbUpdateException or InvalidOperationException or TimeoutException)
        {
            Log.NotAsked(logger, exception);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Could not look for runs that wait")]
        public static partial void NotAsked(ILogger logger, Exception exception);
    }
}
