using KeyVaultApp.Storage;
using KeyVaultApp.Storage.PostgreSql;
using KeyVaultApp.Storage.Sqlite;
using KeyVaultApp.Storage.SqlServer;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace KeyVaultApp.IntegrationTests.Harness;

/// <summary>One provider, and how to come by an empty database of it.</summary>
public abstract class Databases
{
    public static readonly Databases Sqlite = new Files();
    public static readonly Databases PostgreSql = new PostgreSqlServer();
    public static readonly Databases SqlServer = new SqlServerServer();
    public static readonly IReadOnlyList<Databases> All = [Sqlite, PostgreSql, SqlServer];

    /// <summary>As <c>Storage:Provider</c> has it.</summary>
    public abstract string Provider { get; }

    /// <summary>The environment variable with a connection string to the server's maintenance database; null needs no server.</summary>
    public virtual string? Variable => null;

    public bool IsReachable => Variable is null || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable));

    protected string Server => Environment.GetEnvironmentVariable(Variable!)!;

    public override string ToString() => Provider;

    /// <summary>Skips the running test where this provider is not reachable.</summary>
    public void Require() => Assert.SkipUnless(IsReachable, $"{Provider} is not reachable: {Variable} is not set.");

    /// <summary>An empty database that is gone once disposed.</summary>
    /// <param name="folder">Where an embedded database puts its file.</param>
    public abstract Task<Database> CreateAsync(string folder);

    /// <summary>Another such database with all that is in this one, to which nobody may be connected; null where there is no cheap way.</summary>
    /// <param name="folder">Where an embedded database has its file already.</param>
    public virtual Task<Database?> CopyAsync(Database original, string folder) => Task.FromResult<Database?>(null);

    /// <summary>The model and its migrations; without a connection string only what needs no server.</summary>
    public abstract KeyVaultDb Context(string? connectionString = null, Action<DbContextOptionsBuilder>? change = null);

    private static DbContextOptions<T> Options<T>(Action<DbContextOptionsBuilder> use, Action<DbContextOptionsBuilder>? change) where T : DbContext
    {
        var builder = new DbContextOptionsBuilder<T>();
        use(builder);
        change?.Invoke(builder);
        return builder.Options;
    }

    private static string NewName() => $"keyvault_{Guid.NewGuid():N}";

    private sealed class Files : Databases
    {
        public override string Provider => nameof(StorageProvider.Sqlite);

        public override Task<Database> CreateAsync(string folder)
        {
            var connectionString = $"Data Source={Path.Combine(folder, StorageOptions.DatabaseFile)}";
            return Task.FromResult(new Database(this, connectionString, () =>
            {
                using var connection = new SqliteConnection(connectionString);
                SqliteConnection.ClearPool(connection);
                return Task.CompletedTask;
            }));
        }

        /// <summary>The file was copied with its folder.</summary>
        public override async Task<Database?> CopyAsync(Database original, string folder) => await CreateAsync(folder);

        public override KeyVaultDb Context(string? connectionString = null, Action<DbContextOptionsBuilder>? change = null) =>
            new SqliteDb(Options<SqliteDb>(db => db.UseSqlite(connectionString ?? "Data Source=:memory:"), change));
    }

    private sealed class PostgreSqlServer : Databases
    {
        public override string Provider => nameof(StorageProvider.PostgreSql);

        public override string Variable => "KEYVAULT_TEST_POSTGRES";

        public override Task<Database> CreateAsync(string folder) => NewAsync("template1");

        public override async Task<Database?> CopyAsync(Database original, string folder) =>
            await NewAsync(new NpgsqlConnectionStringBuilder(original.ConnectionString).Database!);

        private async Task<Database> NewAsync(string template)
        {
            var name = NewName();
            await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {template}");
            return new Database(this, new NpgsqlConnectionStringBuilder(Server) { Database = name }.ToString(), async () =>
            {
                NpgsqlConnection.ClearAllPools();
                await ExecuteAsync($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            });
        }

        public override KeyVaultDb Context(string? connectionString = null, Action<DbContextOptionsBuilder>? change = null) =>
            new PostgreSqlDb(Options<PostgreSqlDb>(db => db.UseNpgsql(connectionString ?? "Host=unused"), change));

        private async Task ExecuteAsync(string sql)
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Server) { Pooling = false }.ToString());
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    private sealed class SqlServerServer : Databases
    {
        public override string Provider => nameof(StorageProvider.SqlServer);

        public override string Variable => "KEYVAULT_TEST_SQLSERVER";

        public override async Task<Database> CreateAsync(string folder)
        {
            var name = NewName();
            await ExecuteAsync($"CREATE DATABASE {name}");
            return new Database(this, new SqlConnectionStringBuilder(Server) { InitialCatalog = name }.ToString(), async () =>
            {
                SqlConnection.ClearAllPools();
                await ExecuteAsync($"ALTER DATABASE {name} SET SINGLE_USER WITH ROLLBACK IMMEDIATE");
                await ExecuteAsync($"DROP DATABASE {name}");
            });
        }

        public override KeyVaultDb Context(string? connectionString = null, Action<DbContextOptionsBuilder>? change = null) =>
            new SqlServerDb(Options<SqlServerDb>(db => db.UseSqlServer(connectionString ?? "Server=unused"), change));

        private async Task ExecuteAsync(string sql)
        {
            await using var connection = new SqlConnection(new SqlConnectionStringBuilder(Server) { Pooling = false }.ToString());
            await connection.OpenAsync();
            await using var command = new SqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}

/// <summary>One database, empty when it was made.</summary>
public sealed class Database(Databases provider, string connectionString, Func<Task> drop) : IAsyncDisposable
{
    public Databases Provider => provider;

    public string ConnectionString => connectionString;

    public KeyVaultDb Context() => provider.Context(connectionString);

    public async ValueTask DisposeAsync() => await drop();
}
