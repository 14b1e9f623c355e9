using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace KeyVaultApp.Storage.Sqlite;

/// <summary>
/// Has the engine itself wait while another connection writes. It looks again after a millisecond at first and never waits longer
/// than 100 ms between two looks (<c>sqliteDefaultBusyCallback</c> in its source); the provider would look every 150 ms.
/// </summary>
internal sealed class WaitForTurn(TimeSpan longest) : DbConnectionInterceptor
{
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Set(connection);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Set(connection);
        return Task.CompletedTask;
    }

    private void Set(DbConnection connection) => raw.sqlite3_busy_timeout(((SqliteConnection)connection).Handle, (int)longest.TotalMilliseconds);
}
