using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace KeyVaultApp.Storage;

/// <summary>What a failed statement means, whichever provider it failed on. EF wraps what it passes on once or twice.</summary>
public static class Faults
{
    /// <summary>Busy, locked, disk I/O, full, cannot open: https://sqlite.org/rescode.html</summary>
    private static readonly int[] SqliteAway = [5, 6, 10, 13, 14];

    /// <summary>Time-outs, refused and broken connections, a database that starts or moves: the numbers SqlClient itself retries.</summary>
    private static readonly int[] SqlServerAway = [-2, 2, 53, 64, 121, 233, 258, 1205, 4060, 4221, 10053, 10054, 10060, 40143, 40197, 40501, 40540, 40613, 49918, 49919, 49920];

    private const int SqliteFull = 13;

    /// <summary>No room in a file group, none in the log.</summary>
    private static readonly int[] SqlServerFull = [1105, 9002];

    /// <summary>Whether the database cannot be reached just now, so that trying again may help.</summary>
    public static bool IsAway(Exception exception) => Causes(exception).Any(cause => cause switch
    {
        SqliteException sqlite => SqliteAway.Contains(sqlite.SqliteErrorCode),
        SqlException sql => SqlServerAway.Contains(sql.Number),
        NpgsqlException { IsTransient: true } => true,
        DbException other => other.IsTransient,
        _ => false,
    });

    /// <summary>Whether there is no room left for what was to be written: trying again helps only once somebody has made some.</summary>
    public static bool IsFull(Exception exception) => Causes(exception).Any(cause => cause switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode == SqliteFull,
        PostgresException postgres => postgres.SqlState == PostgresErrorCodes.DiskFull,
        SqlException sql => SqlServerFull.Contains(sql.Number),
        _ => false,
    });

    /// <summary>Whether somebody else made or removed a row meanwhile that this change counts on.</summary>
    public static bool IsConflict(Exception exception) => Causes(exception).Any(cause => cause switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode == 19,
        PostgresException postgres => postgres.SqlState.StartsWith("23", StringComparison.Ordinal),
        SqlException sql => sql.Number is 547 or 2601 or 2627,
        _ => false,
    });

    private static IEnumerable<Exception> Causes(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException) yield return cause;
    }
}
