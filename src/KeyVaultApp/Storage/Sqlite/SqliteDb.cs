using System.Data.Common;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace KeyVaultApp.Storage.Sqlite;

/// <summary>The embedded default: one file, write-ahead log, one writer at a time.</summary>
public sealed class SqliteDb(DbContextOptions<SqliteDb> options) : KeyVaultDb(options)
{
    private const int SqliteConstraint = 19;
    private const int ForeignKey = 787;
    private const int RowsAtOnce = 500;

    private static readonly JsonSerializerOptions AsTheyAre = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Primary key and unique index: https://sqlite.org/rescode.html#extrc</summary>
    private static readonly int[] Unique = [1555, 2067];

    public override bool IsUniqueViolation(DbUpdateException exception) =>
        exception.InnerException is SqliteException { SqliteErrorCode: SqliteConstraint } sqlite && Unique.Contains(sqlite.SqliteExtendedErrorCode);

    public override bool IsForeignKeyViolation(DbUpdateException exception) =>
        exception.InnerException is SqliteException { SqliteErrorCode: SqliteConstraint, SqliteExtendedErrorCode: ForeignKey };

    /// <summary>An ordinary one takes the write lock of the file at once; this one only if it writes, and temporary tables are another file.</summary>
    public override async Task<IDbContextTransaction> BeginAsideAsync(CancellationToken ct)
    {
        await Database.OpenConnectionAsync(ct);
        var transaction = ((SqliteConnection)Database.GetDbConnection()).BeginTransaction(deferred: true);
        return (await Database.UseTransactionAsync(transaction, ct))!;
    }

    public override async Task<string> CreateTemporaryTableAsync(string name, IReadOnlyList<BulkColumn> columns, CancellationToken ct)
    {
        var list = string.Join(", ", columns.Select(column => $"{column.Name} {column.Type switch
        {
            BulkType.Number or BulkType.SmallNumber or BulkType.Flag => "INTEGER",
            BulkType.Bytes => "BLOB",
            _ => "TEXT",
        }}"));
        // The pool hands connections on as they are, with the temporary tables of whoever had them before.
        await Database.ExecuteSqlRawAsync($"DROP TABLE IF EXISTS temp.{name}", ct);
        await Database.ExecuteSqlRawAsync($"CREATE TEMPORARY TABLE {name} ({list})", ct);
        return name;
    }

    /// <summary>
    /// Many rows go as JSON in one statement: the engine takes them apart several times faster than it can be called for each.
    /// Values are written as the provider's own parameters are.
    /// </summary>
    public override async Task BulkInsertAsync(string table, IReadOnlyList<BulkColumn> columns, IAsyncEnumerable<object?[]> rows, CancellationToken ct)
    {
        await using var insert = Database.GetDbConnection().CreateCommand();
        insert.CommandText = $"INSERT INTO {table} ({string.Join(", ", columns.Select(column => column.Name))}) SELECT {string.Join(", ", columns.Select((column, i) => column.Type == BulkType.Bytes ? $"unhex(value ->> {i})" : $"value ->> {i}"))} FROM json_each($rows)";
        var json = Parameter(insert, "$rows");
        await foreach (var chunk in rows.Chunk(RowsAtOnce).WithCancellation(ct))
        {
            json.Value = JsonSerializer.Serialize(chunk.Select(row => row.Select(Stored)), AsTheyAre);
            await insert.ExecuteNonQueryAsync(ct);
        }
    }

    private static object? Stored(object? value) => value switch
    {
        Guid id => id.ToString().ToUpperInvariant(),
        byte[] bytes => Convert.ToHexString(bytes),
        DateTime time => time.ToString(@"yyyy\-MM\-dd HH\:mm\:ss.FFFFFFF"),
        _ => value,
    };

    private static DbParameter Parameter(DbCommand command, string name)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        command.Parameters.Add(parameter);
        return parameter;
    }
}
