using System.Data.Common;
using System.Text.Json;
using KeyVaultApp.Web;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>
/// A run as server-sent events: every second what changed, now and then a comment so that nobody in between takes the
/// connection for dead. It ends with the run, and when this instance stops: who watches then asks another.
/// </summary>
public sealed class WatchRun(IServiceScopeFactory scopes, IHostApplicationLifetime life, TimeProvider clock)
{
    private const int SecondsOfRate = 10;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public async Task RunAsync(Guid id, HttpResponse response, CancellationToken ct)
    {
        // Before anything is sent, so that an unknown run still is a 404.
        var run = await ReadAsync(id, ct);
        response.ContentType = "text/event-stream";
        response.Headers["X-Accel-Buffering"] = "no";
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct, life.ApplicationStopping);
        try
        {
            await SendAsync(id, run, response, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // Nobody watches any more, or this instance stops.
        }
    }

    private async Task SendAsync(Guid id, GetRun.Answer first, HttpResponse response, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        var (sent, beat, lately) = ("", clock.GetTimestamp(), new Queue<(long At, int Done)>());
        for (var run = first; ; run = await TryReadAsync(id, ct) ?? run)
        {
            lately.Enqueue((clock.GetTimestamp(), run.Done));
            if (lately.Count > SecondsOfRate) lately.Dequeue();
            var json = JsonSerializer.Serialize(run.HasEnded || lately.Count < 2 ? run : run.At(Rate(lately)), Json.Options);
            if (json != sent) await response.WriteAsync($"event: run\ndata: {sent = json}\n\n", ct);
            if (clock.GetElapsedTime(beat) >= Heartbeat)
            {
                beat = clock.GetTimestamp();
                await response.WriteAsync(": still here\n\n", ct);
            }

            await response.Body.FlushAsync(ct);
            if (run.HasEnded) return;
            await timer.WaitForNextTickAsync(ct);
        }
    }

    private double Rate(Queue<(long At, int Done)> lately)
    {
        var (from, to) = (lately.Peek(), lately.Last());
        return (to.Done - from.Done) / clock.GetElapsedTime(from.At, to.At).TotalSeconds;
    }

    private async Task<GetRun.Answer> ReadAsync(Guid id, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<GetRun>().RunAsync(id, ct);
    }

    /// <returns>Null while the database is away: the stream goes on when it is back.</returns>
    private async Task<GetRun.Answer?> TryReadAsync(Guid id, CancellationToken ct)
    {
        try
        {
            return await ReadAsync(id, ct);
        }
        catch (Exception exception) when (exception is DbException or InvalidOperationException or TimeoutException)
        {
            return null;
        }
    }
}
