using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Storage;

/// <summary>The embedded default makes what is missing by itself, readable by its owner alone.</summary>
internal static class EmbeddedDatabase
{
    private const string LockFile = ".lock";
    private const int LockAttempts = 600;
    private static readonly TimeSpan LockRetry = TimeSpan.FromMilliseconds(50);

    public static async Task MigrateAsync(KeyVaultDb db, StorageOptions options, CancellationToken ct)
    {
        DataFolder.Make(options.DataDirectory);
        await using var alone = await LockAsync(options.DataDirectory, ct);
        MakeFile(new SqliteConnectionStringBuilder(options.ConnectionString).DataSource);
        if (!(await db.Database.GetPendingMigrationsAsync(ct)).Any()) return;

        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", ct);
        // A process that was killed while migrating leaves EF's lock row behind, and EF would wait for it for ever. Whoever
        // holds the file lock knows that nobody else is migrating, so a row that is there is a leftover.
        await db.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS __EFMigrationsLock", ct);
        await db.Database.MigrateAsync(ct);
    }

    private static void MakeFile(string path)
    {
        if (path is "" or ":memory:" || File.Exists(path)) return;
        DataFolder.Make(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using var file = DataFolder.Open(path, FileMode.CreateNew);
    }

    /// <summary>The operating system lets go of it when the process ends, however it ends. After half a minute the error stands.</summary>
    private static async Task<FileStream> LockAsync(string directory, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return DataFolder.Open(Path.Combine(directory, LockFile), FileMode.OpenOrCreate);
            }
            catch (IOException) when (attempt < LockAttempts)
            {
                await Task.Delay(LockRetry, ct);
            }
        }
    }
}
