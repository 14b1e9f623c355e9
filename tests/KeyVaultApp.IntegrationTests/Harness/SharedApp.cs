using KeyVaultApp.IntegrationTests.Harness;

[assembly: AssemblyFixture(typeof(Templates))]
[assembly: AssemblyFixture(typeof(SqliteApp))]
[assembly: AssemblyFixture(typeof(PostgreSqlApp))]
[assembly: AssemblyFixture(typeof(SqlServerApp))]

namespace KeyVaultApp.IntegrationTests.Harness;

/// <summary>
/// One installation a provider, shared by all tests of the assembly and started by the first that asks. So a test makes its
/// own workspaces, keys and agents under names of its own, and leaves the installation's phase alone.
/// </summary>
public abstract class SharedApp(Databases provider) : IAsyncLifetime
{
    private readonly SemaphoreSlim _gate = new(1);
    private Task<Started>? _started;
    private App? _app;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Skips the running test where the provider is not reachable.</summary>
    public async Task<Started> GetAsync()
    {
        provider.Require();
        await _gate.WaitAsync();
        try
        {
            _started ??= StartAsync();
        }
        finally
        {
            _gate.Release();
        }

        return await _started;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        _gate.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task<Started> StartAsync()
    {
        // Batches of two agents: what a run has learnt of one batch counts for the next, in fleets of a few agents too.
        _app = await App.StartAsync(provider, ("Migration__BatchSize", "2"));
        return new Started(_app, _app.Client(await _app.TokenAsync("admin")), _app.Client(await _app.TokenAsync("resolver")));
    }

    public sealed record Started(App App, Api Admin, Api Resolver);
}

/// <summary>Tests that need nobody else to write meanwhile: one more installation a provider, on which they run one after the other.</summary>
[CollectionDefinition(OnSqlite)]
public sealed class Alone : ICollectionFixture<SqliteApp>
{
    public const string OnSqlite = "alone on SQLite";
    public const string OnPostgreSql = "alone on PostgreSQL";
    public const string OnSqlServer = "alone on SQL Server";

    [CollectionDefinition(OnPostgreSql)]
    public sealed class WithPostgreSql : ICollectionFixture<PostgreSqlApp>;

    [CollectionDefinition(OnSqlServer)]
    public sealed class WithSqlServer : ICollectionFixture<SqlServerApp>;
}

public sealed class SqliteApp() : SharedApp(Databases.Sqlite);

public sealed class PostgreSqlApp() : SharedApp(Databases.PostgreSql);

public sealed class SqlServerApp() : SharedApp(Databases.SqlServer);

/// <summary>
/// Tests that run on every provider: an abstract class with the tests, and nested in it
/// <c>public sealed class OnSqlite(SqliteApp app) : ThatClass(app);</c> and the same for the two servers.
/// </summary>
public abstract class AppTests(SharedApp shared) : IAsyncLifetime
{
    private SharedApp.Started? _started;

    protected App App => _started!.App;

    /// <summary>Signed in with an admin token.</summary>
    protected Api Admin => _started!.Admin;

    /// <summary>With a resolver token of every workspace.</summary>
    protected Api Resolver => _started!.Resolver;

    public async ValueTask InitializeAsync() => _started = await shared.GetAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>A name that no other test has.</summary>
    protected static string Unique(string what) => $"{what} {Guid.NewGuid():N}";
}
