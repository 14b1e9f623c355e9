using KeyVaultApp.Domain;
using KeyVaultApp.Encryption;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Benchmarks;

/// <summary>An installation of its own, with a fleet that nobody typed.</summary>
internal sealed class Installation(WebApplication app) : IAsyncDisposable
{
    private static readonly BulkColumn[] AgentColumns =
    [
        new("id", BulkType.Id), new("workspace_id", BulkType.Id), new("name", BulkType.Text), new("normalized_name", BulkType.Text), new("external_id", BulkType.Text),
        new("version", BulkType.Number), new("created_at", BulkType.Time), new("updated_at", BulkType.Time),
        new("tts_key", BulkType.Text), new("stt_key", BulkType.Text), new("elevenlabs_key", BulkType.Text),
    ];

    public IServiceProvider Services => app.Services;

    /// <summary>Opens what is in the folder, and makes what is missing.</summary>
    /// <param name="postgreSql">A connection string; without it the database is embedded.</param>
    public static async Task<Installation> OpenAsync(string folder, string? postgreSql = null)
    {
        string[] storage = postgreSql is null ? [] : ["--Storage:Provider=PostgreSql", $"--ConnectionStrings:KeyVault={postgreSql}"];
        var app = KeyVaultAppBuilder.Build([$"--DataDirectory={folder}", "--Serilog:MinimumLevel:Default=Warning", "--urls=http://127.0.0.1:0", .. storage]);
        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Schema>().UpdateAsync(CancellationToken.None);
        var keyring = scope.ServiceProvider.GetRequiredService<Keyring>();
        await keyring.CreateIfMissingAsync(CancellationToken.None);
        await keyring.OpenAsync(CancellationToken.None);
        return new Installation(app);
    }

    /// <summary>With what works in the background of an instance, such as writing down who reads old columns.</summary>
    public Task ServeAsync() => app.StartAsync();

    /// <summary>Agents with a raw key in each of their three slots, their ids in the order in which they were made, as an import's are.</summary>
    /// <param name="keysOfAWorkspace">How many distinct keys of each kind a workspace has; every fifth one is held by all of them.</param>
    public Task SeedAsync(int workspaces, int agents, int keysOfAWorkspace) => InDatabaseAsync(async db =>
    {
        var now = DateTimeOffset.UnixEpoch.AddYears(56);
        var ids = new List<Guid>();
        for (var i = 0; i < workspaces; i++)
        {
            ids.Add(Guid.CreateVersion7(now));
            db.Workspaces.Add(new Workspace(ids[i], $"Workspace {i + 1:0000}", now));
        }

        await db.SaveChangesAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        // By way of a table whose numbers are all long: what is copied must be of the very type of its column.
        var seeded = await db.CreateTemporaryTableAsync("seeded", AgentColumns, CancellationToken.None);
        await db.BulkInsertAsync(seeded, AgentColumns, Enumerable.Range(0, agents).Select(i => Agent(i, ids, keysOfAWorkspace, now)).ToAsyncEnumerable(), CancellationToken.None);
        var columns = string.Join(", ", AgentColumns.Select(column => column.Name));
#pragma warning disable EF1002 // Names of our own.
        await db.Database.ExecuteSqlRawAsync($"INSERT INTO agents ({columns}) SELECT {columns} FROM {seeded}");
#pragma warning restore EF1002
        await transaction.CommitAsync();
        await db.Database.ExecuteSqlRawAsync("ANALYZE");
    });

    public async Task InDatabaseAsync(Func<KeyVaultDb, Task> work)
    {
        await using var scope = Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<KeyVaultDb>();
        // One statement over a million agents takes longer than any of the product's may.
        db.Database.SetCommandTimeout(TimeSpan.FromMinutes(10));
        await work(db);
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private static object?[] Agent(int number, List<Guid> workspaces, int keysOfAWorkspace, DateTimeOffset now)
    {
        const int everyFifth = 5;
        const int madeInAMillisecond = 20;
        var (workspace, name) = (number % workspaces.Count, $"Agent {number:0000000}");
        var key = number / workspaces.Count % keysOfAWorkspace;
        string Key(KeyKind kind) => key % everyFifth == 0 ? $"sk-{kind.Word()}-shared-by-many-workspaces-{key:000000}" : $"sk-{kind.Word()}-of-workspace-{workspace:000000}-number-{key:000000}";
        return
        [
            Guid.CreateVersion7(now.AddMilliseconds(number / madeInAMillisecond)), workspaces[workspace], name, Text.Normalize(name), $"agent-{number:0000000}", 1L, now.UtcDateTime, now.UtcDateTime,
            .. KeyKinds.All.Select(Key),
        ];
    }
}
