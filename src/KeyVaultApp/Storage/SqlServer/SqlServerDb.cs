using System.Data;
using System.Text.Json;
using KeyVaultApp.Domain;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace KeyVaultApp.Storage.SqlServer;

public sealed class SqlServerDb(DbContextOptions<SqlServerDb> options) : KeyVaultDb(options)
{
    /// <summary>Compares to the letter, as the other providers do by themselves.</summary>
    public const string BinaryCollation = "Latin1_General_100_BIN2";

    private const int BatchSize = 5000;
    private const int ConstraintConflict = 547;

    /// <summary>Unique constraint and unique index.</summary>
    private static readonly int[] Unique = [2627, 2601];

    public override bool IsUniqueViolation(DbUpdateException exception) =>
        exception.InnerException is SqlException sql && Unique.Contains(sql.Number);

    public override bool IsForeignKeyViolation(DbUpdateException exception) =>
        exception.InnerException is SqlException { Number: ConstraintConflict };

    public override async Task<string> CreateTemporaryTableAsync(string name, IReadOnlyList<BulkColumn> columns, CancellationToken ct)
    {
        var list = string.Join(", ", columns.Select(column => $"{column.Name} {column.Type switch
        {
            BulkType.Id => "uniqueidentifier",
            BulkType.Number => "bigint",
            BulkType.SmallNumber => "int",
            BulkType.Flag => "bit",
            BulkType.Time => "datetime2",
            BulkType.Bytes => "varbinary(max)",
            _ => $"nvarchar({column.MaxLength?.ToString() ?? "max"}) COLLATE {BinaryCollation}",
        }}"));
        await Database.ExecuteSqlRawAsync($"CREATE TABLE #{name} ({list})", ct);
        return $"#{name}";
    }

    public override async Task BulkInsertAsync(string table, IReadOnlyList<BulkColumn> columns, IAsyncEnumerable<object?[]> rows, CancellationToken ct)
    {
        using var copy = new SqlBulkCopy(
            (SqlConnection)Database.GetDbConnection(), SqlBulkCopyOptions.Default, (SqlTransaction?)Database.CurrentTransaction?.GetDbTransaction());
        copy.DestinationTableName = table;
        copy.BulkCopyTimeout = 0;
        using var batch = new DataTable();
        foreach (var column in columns)
        {
            copy.ColumnMappings.Add(column.Name, column.Name);
            batch.Columns.Add(column.Name, column.Type switch
            {
                BulkType.Id => typeof(Guid),
                BulkType.Number => typeof(long),
                BulkType.SmallNumber => typeof(int),
                BulkType.Flag => typeof(bool),
                BulkType.Time => typeof(DateTime),
                BulkType.Bytes => typeof(byte[]),
                _ => typeof(string),
            });
        }

        await foreach (var row in rows.WithCancellation(ct))
        {
            batch.Rows.Add([.. row.Select(cell => cell ?? DBNull.Value)]);
            if (batch.Rows.Count < BatchSize) continue;
            await copy.WriteToServerAsync(batch, ct);
            batch.Clear();
        }

        if (batch.Rows.Count > 0) await copy.WriteToServerAsync(batch, ct);
    }

    public override Task HoldRowsAsync(string table, IReadOnlyCollection<Guid> ids, bool isShared, CancellationToken ct) => Database.ExecuteSqlRawAsync(
        $"SELECT 1 FROM {table} WITH ({(isShared ? "REPEATABLEREAD" : "UPDLOCK")}, ROWLOCK) WHERE id IN (SELECT CAST(value AS uniqueidentifier) FROM OPENJSON({{0}}))",
        [JsonSerializer.Serialize(ids)],
        ct);

    public override Task HoldNameAsync(string name, CancellationToken ct) => Database.ExecuteSqlRawAsync(Hold, [name], ct);

    /// <summary>Without a time limit of its own: the command's ends the wait.</summary>
    public const string Hold = "EXEC sp_getapplock @Resource = {0}, @LockMode = 'Exclusive', @LockOwner = 'Transaction', @LockTimeout = -1";

    /// <summary>With this hint the lock is taken also where readers see snapshots.</summary>
    public override Task HoldRowAsync(string table, object id, CancellationToken ct) =>
        Database.ExecuteSqlRawAsync($"SELECT 1 FROM {table} WITH (REPEATABLEREAD) WHERE id = {{0}}", [id], ct);

    /// <summary>Text comparison here overlooks trailing blanks in every collation, and comparison of bytes trailing zeros: so the length counts too.</summary>
    public override string SameText(string left, string right) =>
        $"(CAST({left} AS varbinary(max)) = CAST({right} AS varbinary(max)) AND DATALENGTH({left}) = DATALENGTH({right}))";

    /// <summary>Bytes in hexadecimal have neither blanks nor zeros at their end.</summary>
    public override string ExactText(string column) => $"CONVERT(varchar(max), CAST({column} AS varbinary(max)), 2)";

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        foreach (var (entity, property) in ComparedToTheLetter)
            builder.Entity(entity).Property(property).UseCollation(BinaryCollation);
    }

    private static readonly (Type Entity, string Property)[] ComparedToTheLetter =
    [
        (typeof(Agent), nameof(Agent.ExternalId)),
        (typeof(Agent), nameof(Agent.NormalizedName)),
        (typeof(Workspace), nameof(Workspace.NormalizedName)),
        (typeof(KeyResource), nameof(KeyResource.NormalizedName)),
        (typeof(KeyResource), nameof(KeyResource.Fingerprint)),
    ];
}
