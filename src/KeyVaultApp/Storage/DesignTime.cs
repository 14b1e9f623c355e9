using KeyVaultApp.Storage.PostgreSql;
using KeyVaultApp.Storage.Sqlite;
using KeyVaultApp.Storage.SqlServer;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace KeyVaultApp.Storage;

/// <summary>What migrations/add.sh scaffolds from: the model alone, no server and no settings.</summary>
internal static class DesignTime
{
    internal sealed class Sqlite : IDesignTimeDbContextFactory<SqliteDb>
    {
        public SqliteDb CreateDbContext(string[] args) => new(Options<SqliteDb>(db => StorageModule.UseSqlite(db, "Data Source=:memory:")));
    }

    internal sealed class PostgreSql : IDesignTimeDbContextFactory<PostgreSqlDb>
    {
        public PostgreSqlDb CreateDbContext(string[] args) => new(Options<PostgreSqlDb>(db => StorageModule.UsePostgreSql(db, "Host=unused")));
    }

    internal sealed class SqlServer : IDesignTimeDbContextFactory<SqlServerDb>
    {
        public SqlServerDb CreateDbContext(string[] args) => new(Options<SqlServerDb>(db => StorageModule.UseSqlServer(db, "Server=unused")));
    }

    private static DbContextOptions<T> Options<T>(Action<DbContextOptionsBuilder> use) where T : DbContext
    {
        var builder = new DbContextOptionsBuilder<T>();
        use(builder);
        return builder.Options;
    }
}
