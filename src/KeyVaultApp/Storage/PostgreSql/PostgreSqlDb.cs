using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace KeyVaultApp.Storage.PostgreSql;

public sealed class PostgreSqlDb(DbContextOptions<PostgreSqlDb> options) : KeyVaultDb(options)
{
    public override bool IsUniqueViolation(DbUpdateException exception) =>
        exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    public override bool IsForeignKeyViolation(DbUpdateException exception) =>
        exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation };

    public override async Task<string> CreateTemporaryTableAsync(string name, IReadOnlyList<BulkColumn> columns, CancellationToken ct)
    {
        var list = string.Join(", ", columns.Select(column => $"{column.Name} {column.Type switch
        {
            BulkType.Id => "uuid",
            BulkType.Number => "bigint",
            BulkType.SmallNumber => "integer",
            BulkType.Flag => "boolean",
            BulkType.Time => "timestamp with time zone",
            BulkType.Bytes => "bytea",
            _ => "text",
        }}"));
        await Database.ExecuteSqlRawAsync($"CREATE TEMPORARY TABLE {name} ({list}) ON COMMIT DROP", ct);
        return name;
    }

    public override async Task BulkInsertAsync(string table, IReadOnlyList<BulkColumn> columns, IAsyncEnumerable<object?[]> rows, CancellationToken ct)
    {
        var connection = (NpgsqlConnection)Database.GetDbConnection();
        await using var copy = await connection.BeginBinaryImportAsync(
            $"COPY {table} ({string.Join(", ", columns.Select(column => column.Name))}) FROM STDIN (FORMAT BINARY)", ct);
        await foreach (var row in rows.WithCancellation(ct))
        {
            await copy.StartRowAsync(ct);
            for (var i = 0; i < row.Length; i++)
                await WriteAsync(copy, columns[i].Type, row[i], ct);
        }

        await copy.CompleteAsync(ct);
    }

    public override Task HoldRowsAsync(string table, IReadOnlyCollection<Guid> ids, bool isShared, CancellationToken ct) => Database.ExecuteSqlRawAsync(
        $"SELECT 1 FROM {table} WHERE id = ANY({{0}}) ORDER BY id FOR {(isShared ? "SHARE" : "UPDATE")}", [ids.ToArray()], ct);

    public override Task HoldNameAsync(string name, CancellationToken ct) =>
        Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({name}, 0))", ct);

    public override Task HoldRowAsync(string table, object id, CancellationToken ct) =>
        Database.ExecuteSqlRawAsync($"SELECT 1 FROM {table} WHERE id = {{0}} FOR SHARE", [id], ct);

    private static Task WriteAsync(NpgsqlBinaryImporter copy, BulkType type, object? value, CancellationToken ct) => (type, value) switch
    {
        (_, null) => copy.WriteNullAsync(ct),
        (BulkType.Id, Guid id) => copy.WriteAsync(id, NpgsqlDbType.Uuid, ct),
        (BulkType.Number, long number) => copy.WriteAsync(number, NpgsqlDbType.Bigint, ct),
        (BulkType.SmallNumber, int number) => copy.WriteAsync(number, NpgsqlDbType.Integer, ct),
        (BulkType.Flag, bool flag) => copy.WriteAsync(flag, NpgsqlDbType.Boolean, ct),
        (BulkType.Time, DateTime time) => copy.WriteAsync(time, NpgsqlDbType.TimestampTz, ct),
        (BulkType.Bytes, byte[] bytes) => copy.WriteAsync(bytes, NpgsqlDbType.Bytea, ct),
        _ => copy.WriteAsync((string)value, NpgsqlDbType.Text, ct),
    };
}
