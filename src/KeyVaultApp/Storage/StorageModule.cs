using KeyVaultApp.Domain;
using KeyVaultApp.Storage.PostgreSql;
using KeyVaultApp.Storage.Sqlite;
using KeyVaultApp.Storage.SqlServer;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace KeyVaultApp.Storage;

public static class StorageModule
{
    private const int SqliteBusySeconds = 30;

    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration)
    {
        var options = StorageOptions.From(configuration);
        services.AddSingleton(options);
        _ = options.Provider switch
        {
            StorageProvider.Sqlite => services.AddDbContext<KeyVaultDb, SqliteDb>(db => UseSqlite(db, options.ConnectionString)),
            StorageProvider.PostgreSql => services.AddDbContext<KeyVaultDb, PostgreSqlDb>(db => UsePostgreSql(db, options.ConnectionString)),
            _ => services.AddDbContext<KeyVaultDb, SqlServerDb>(db => UseSqlServer(db, options.ConnectionString)),
        };
        services.TryAddScoped<ILegacyKeys, NoLegacyKeys>();
        services.AddScoped<Schema>();
        services.AddHealth();
        return services;
    }

    internal static void UseSqlite(DbContextOptionsBuilder db, string connectionString)
    {
        var sqlite = new SqliteConnectionStringBuilder(connectionString) { DefaultTimeout = SqliteBusySeconds, ForeignKeys = true };
        db.UseSqlite(sqlite.ToString()).AddInterceptors(new WaitForTurn(TimeSpan.FromSeconds(SqliteBusySeconds)));
        Common(db);
    }

    internal static void UsePostgreSql(DbContextOptionsBuilder db, string connectionString)
    {
        db.UseNpgsql(connectionString);
        Common(db);
    }

    internal static void UseSqlServer(DbContextOptionsBuilder db, string connectionString)
    {
        db.UseSqlServer(connectionString);
        Common(db);
    }

    private static void Common(DbContextOptionsBuilder db) =>
        db.ConfigureWarnings(warnings => warnings
            .Throw(RelationalEventId.MultipleCollectionIncludeWarning)
            // A name that is taken is the user's news, not an error of ours; what nobody catches is logged where it ends.
            .Log((CoreEventId.SaveChangesFailed, LogLevel.Debug), (RelationalEventId.CommandError, LogLevel.Debug)));
}
