using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KeyVaultApp.Storage;

/// <summary>The schema of the database: what it has, what it lacks, and how it gets there.</summary>
public sealed class Schema(KeyVaultDb db, StorageOptions options)
{
    public sealed record Status(string Provider, bool Reachable, IReadOnlyList<string> Applied, IReadOnlyList<string> Pending);

    public async Task<Status> StatusAsync(CancellationToken ct)
    {
        var reachable = await db.Database.CanConnectAsync(ct);
        var applied = reachable ? (await db.Database.GetAppliedMigrationsAsync(ct)).ToList() : [];
        return new Status(options.Provider.ToString(), reachable, applied, [.. db.Database.GetMigrations().Except(applied)]);
    }

    public async Task UpdateAsync(CancellationToken ct)
    {
        if (options.IsEmbedded) await EmbeddedDatabase.MigrateAsync(db, options, ct);
        else await db.Database.MigrateAsync(ct);
    }

    /// <summary>
    /// The statements that bring any state of the database to this version. SQLite has no conditional statements, so there
    /// they make a new database; an existing one is migrated by the app itself.
    /// </summary>
    public string Script() => db.GetService<IMigrator>().GenerateScript(
        options: options.IsEmbedded ? MigrationsSqlGenerationOptions.Default : MigrationsSqlGenerationOptions.Idempotent);
}
