using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys;

/// <summary>The seam, filled: <c>tts_key</c>, <c>stt_key</c> and <c>elevenlabs_key</c> of the agents, which the model does not know.</summary>
internal sealed class OldColumns(KeyVaultDb db, DescribeOldKeys describe, SealOldKeys seal, LegacyReads reads, FlushLegacyReads flush)
    : ILegacyKeys, IAsyncDisposable, IDisposable
{
    public bool Exist => true;

    public IQueryable<LegacyRow> Rows => db.Database.SqlQueryRaw<LegacyRow>(
        """
        SELECT id AS "AgentId", tts_key AS "TtsKey", stt_key AS "SttKey", elevenlabs_key AS "ElevenlabsKey",
               tts_key_ref AS "TtsKeyRef", stt_key_ref AS "SttKeyRef", elevenlabs_key_ref AS "ElevenlabsKeyRef",
               CASE WHEN TRIM(tts_key) <> '' THEN 1 ELSE 0 END AS "HasTtsKey",
               CASE WHEN TRIM(stt_key) <> '' THEN 1 ELSE 0 END AS "HasSttKey",
               CASE WHEN TRIM(elevenlabs_key) <> '' THEN 1 ELSE 0 END AS "HasElevenlabsKey"
        FROM agents
        """);

    public string MakeKeyPage(Guid agentId, KeyKind kind) => $"/agents/{agentId}/keys/{kind.Word()}/make-key";

    public void CountRead(Guid workspaceId, Guid agentId, KeyKind kind) => reads.Count(workspaceId, agentId, kind);

    public Task<IReadOnlyList<LegacyReadsOfDay>> ReadsSinceAsync(DateOnly first, CancellationToken ct) => DaysOfReads.SinceAsync(db, first, ct);

    public async Task<IReadOnlyDictionary<Guid, LegacySlots>> DescribeAsync(IReadOnlyCollection<Guid> agentIds, CancellationToken ct, bool findings = false)
    {
        // One parameter for all ids: thousands of them would be more parameters than SQL Server takes.
        var ids = agentIds.ToArray();
        var rows = await Rows.Where(row => EF.Parameter(ids).Contains(row.AgentId)).ToListAsync(ct);
        return rows.Select(row => describe.Agent(row, findings)).Where(agent => agent.ByKind.Count > 0).ToDictionary(agent => agent.AgentId);
    }

    public async IAsyncEnumerable<(T Row, LegacySlots? Old)> DescribeAsync<T>(
        IQueryable<T> rows, Expression<Func<T, Guid?>> agentId, bool findings, [EnumeratorCancellation] CancellationToken ct)
    {
        var values = Rows.Select(row => new { Id = (Guid?)row.AgentId, row.TtsKey, row.SttKey, row.ElevenlabsKey });
        var held = rows.LeftJoin(values, agentId, row => row.Id, (row, old) => new { row, old!.Id, old.TtsKey, old.SttKey, old.ElevenlabsKey });
        await foreach (var one in held.AsAsyncEnumerable().WithCancellation(ct))
        {
            var old = one.Id is { } id ? new LegacyRow { AgentId = id, TtsKey = one.TtsKey, SttKey = one.SttKey, ElevenlabsKey = one.ElevenlabsKey } : null;
            yield return (one.row, old is null ? null : describe.Agent(old, findings));
        }
    }

    public async Task<IReadOnlyCollection<KeyKind>> WriteAsync(Guid agentId, IReadOnlyDictionary<KeyKind, Secret> values, CancellationToken ct)
    {
        if (db.Database.CurrentTransaction is null) throw new InvalidOperationException("Old columns are written in the transaction of the change they belong to.");
        if (await Rows.SingleOrDefaultAsync(row => row.AgentId == agentId, ct) is not { } before) return [];

        var changed = values.Where(value => Stored(value.Value) != before.Value(value.Key)).ToList();
        foreach (var (kind, value) in changed)
            await WriteAsync(agentId, kind, Stored(value), ct);
        return [.. changed.Select(value => value.Key)];
    }

    public Task<IReadOnlyList<KeyVersion>> SealAsync(IReadOnlyCollection<LegacyKeyOrder> orders, Actor actor, CancellationToken ct) => seal.RunAsync(Rows, orders, actor, ct);

    /// <summary>A verb has no server that flushes now and then: its scope's end is the time to write what it counted.</summary>
    public ValueTask DisposeAsync() => flush.IsRunning ? ValueTask.CompletedTask : new ValueTask(flush.FlushAsync(CancellationToken.None));

    public void Dispose()
    {
    }

    private Task<int> WriteAsync(Guid agentId, KeyKind kind, string? value, CancellationToken ct) => value is null
        ? db.Database.ExecuteSqlRawAsync($"UPDATE agents SET {kind.Column()} = NULL WHERE id = {{0}}", [agentId], ct)
        : db.Database.ExecuteSqlRawAsync($"UPDATE agents SET {kind.Column()} = {{1}} WHERE id = {{0}}", [agentId, value], ct);

    private static string? Stored(Secret value) => value.IsBlank ? null : value.Reveal();
}

internal static class EachKind
{
    /// <summary>A piece of SQL once for each kind.</summary>
    public static string Sql(Func<KeyKind, string> sql, string between = ", ") => string.Join(between, KeyKinds.All.Select(sql));
}

internal static class LegacyColumnNames
{
    /// <summary>The column that holds the old key.</summary>
    public static string Column(this KeyKind kind) => $"{kind.Word()}_key";

    /// <summary>The column that holds the reference.</summary>
    public static string ReferenceColumn(this KeyKind kind) => $"selected_{kind.Word()}_key_id";

    public static string? Value(this LegacyRow row, KeyKind kind) => kind switch
    {
        KeyKind.Tts => row.TtsKey,
        KeyKind.Stt => row.SttKey,
        KeyKind.Elevenlabs => row.ElevenlabsKey,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
