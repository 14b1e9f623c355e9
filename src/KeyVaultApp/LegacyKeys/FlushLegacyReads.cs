using System.Data.Common;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys;

/// <summary>
/// Adds the counted reads to <c>legacy_reads</c> and <c>legacy_agent_reads</c> every five seconds and at the end. What cannot
/// be written is kept and goes with the next flush.
/// </summary>
internal sealed partial class FlushLegacyReads(LegacyReads reads, IServiceScopeFactory scopes, TimeProvider clock, ILogger<FlushLegacyReads> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private static readonly BulkColumn[] DayColumns =
        [new("workspace_id", BulkType.Id), new("kind", BulkType.Number), new("day", BulkType.Number), new("reads", BulkType.Number)];

    private static readonly BulkColumn[] SlotColumns =
        [new("agent_id", BulkType.Id), new("kind", BulkType.Number), new("reads", BulkType.Number), new("last_read_at", BulkType.Time)];

    /// <summary>Whether a server flushes; verbs have none.</summary>
    public bool IsRunning { get; private set; }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        IsRunning = true;
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync(cancellationToken);
        IsRunning = false;
    }

    public async Task FlushAsync(CancellationToken ct)
    {
        var taken = reads.Take();
        if (taken.IsEmpty) return;
        var isWritten = false;
        try
        {
            await WriteAsync(taken, ct);
            isWritten = true;
        }
        // The second is what the SQL Server client says when its pool is exhausted.
        catch (Exception exception) when (exception is DbException or InvalidOperationException)
        {
            Log.NotWritten(logger, exception);
        }
        finally
        {
            if (!isWritten) reads.PutBack(taken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await FlushAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server ends; what was counted since is written at the stop.
        }
    }

    private async Task WriteAsync(LegacyTally tally, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<KeyVaultDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);

        var days = await FillAsync(db, "read_days", DayColumns, tally.Days.Select(day =>
            new object?[] { day.Key.WorkspaceId, (long)day.Key.Kind, DaysOfReads.Number(day.Key.Day), day.Value }), ct);
        const string sameDay = "n.workspace_id = legacy_reads.workspace_id AND n.kind = legacy_reads.kind AND n.day = legacy_reads.day";
        await db.Database.ExecuteSqlRawAsync(
            $"""
            UPDATE legacy_reads SET reads = reads + (SELECT n.reads FROM {days} n WHERE {sameDay})
            WHERE workspace_id IN (SELECT n.workspace_id FROM {days} n) AND EXISTS (SELECT 1 FROM {days} n WHERE {sameDay})
            """, ct);
        await db.Database.ExecuteSqlRawAsync(
            $"""
            INSERT INTO legacy_reads (workspace_id, kind, day, reads) SELECT n.workspace_id, n.kind, n.day, n.reads FROM {days} n
            WHERE NOT EXISTS (SELECT 1 FROM legacy_reads WHERE {sameDay})
            """, ct);

        var slots = await FillAsync(db, "read_slots", SlotColumns, tally.Slots.Select(slot =>
            new object?[] { slot.Key.AgentId, (long)slot.Key.Kind, slot.Value.Count, slot.Value.Last.UtcDateTime }), ct);
        const string sameSlot = "n.agent_id = legacy_agent_reads.agent_id AND n.kind = legacy_agent_reads.kind";
        await db.Database.ExecuteSqlRawAsync($"CREATE INDEX ix_read_slots ON {slots} (agent_id, kind)", ct);
        await db.Database.ExecuteSqlRawAsync(
            $"""
            UPDATE legacy_agent_reads SET
                reads = reads + (SELECT n.reads FROM {slots} n WHERE {sameSlot}),
                last_read_at = COALESCE((SELECT n.last_read_at FROM {slots} n WHERE {sameSlot} AND n.last_read_at > legacy_agent_reads.last_read_at), last_read_at)
            WHERE agent_id IN (SELECT n.agent_id FROM {slots} n) AND EXISTS (SELECT 1 FROM {slots} n WHERE {sameSlot})
            """, ct);
        await db.Database.ExecuteSqlRawAsync(
            $"""
            INSERT INTO legacy_agent_reads (agent_id, kind, reads, last_read_at) SELECT n.agent_id, n.kind, n.reads, n.last_read_at FROM {slots} n
            WHERE NOT EXISTS (SELECT 1 FROM legacy_agent_reads WHERE {sameSlot})
            """, ct);
        await transaction.CommitAsync(ct);
    }

    private static async Task<string> FillAsync(KeyVaultDb db, string name, BulkColumn[] columns, IEnumerable<object?[]> rows, CancellationToken ct)
    {
        var table = await db.CreateTemporaryTableAsync(name, columns, ct);
        await db.BulkInsertAsync(table, columns, rows.ToAsyncEnumerable(), ct);
        return table;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The counts of reads of old columns could not be written; they go with the next ones")]
        public static partial void NotWritten(ILogger logger, Exception exception);
    }
}
