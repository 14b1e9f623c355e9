using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.KeyTesting;

/// <summary>An installation whose providers all stand on loopback: one that speaks the table, and some that must hear nothing.</summary>
public abstract class TestedApp(Databases provider) : IAsyncLifetime
{
    /// <summary>Ways to write this machine that must all be refused.</summary>
    internal static readonly IReadOnlyList<string> LocalHosts =
        ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"];

    private App? _app;
    private Api? _admin;

    internal StandIn Canary { get; } = new((_, stream, ct) => StandIn.Respond(stream, 200, "", ct));

    internal StandIn WronglyCertified { get; } = new((_, stream, ct) => StandIn.Respond(stream, 200, "", ct), tls: true);

    internal StandIn Table { get; private set; } = null!;

    /// <summary>Skips the running test where the provider is not reachable.</summary>
    public void Require() => provider.Require();

    public App App => _app!;

    public Api Admin => _admin!;

    public async ValueTask InitializeAsync()
    {
        if (!provider.IsReachable) return;
        Table = new StandIn((head, stream, ct) => KeyTesting.Table.AnswerAsync(head, stream, Canary.Port, ct));
        _app = await App.StartAsync(provider, [.. Settings()]);
        _admin = _app.Client(await _app.TokenAsync("admin"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        if (Table is not null) await Table.DisposeAsync();
        await Canary.DisposeAsync();
        await WronglyCertified.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Settings that add a provider of which the product knows nothing.</summary>
    internal static IEnumerable<(string Name, string Value)> NewProvider(string name, string baseUrl, bool allowPrivateNetwork) =>
    [
        ($"Providers__{name}__Kinds__0", "tts"),
        ($"Providers__{name}__BaseUrl", baseUrl),
        ($"Providers__{name}__Path", "/v1/models"),
        ($"Providers__{name}__Header", "Authorization"),
        ($"Providers__{name}__Prefix", "Bearer "),
        ($"Providers__{name}__TimeLimit", "00:00:03"),
        ($"Providers__{name}__AllowPrivateNetwork", allowPrivateNetwork ? "true" : "false"),
        ($"Providers__{name}__Readings__0__Status", "200"),
        ($"Providers__{name}__Readings__0__Outcome", "valid"),
    ];

    private IEnumerable<(string Name, string Value)> Settings()
    {
        foreach (var row in KeyTesting.Table.Rows)
        {
            yield return ($"Providers__{row.Provider}__BaseUrl", $"http://127.0.0.1:{Table.Port}");
            yield return ($"Providers__{row.Provider}__AllowPrivateNetwork", "true");
            yield return ($"Providers__{row.Provider}__TimeLimit", "00:00:03");
        }

        var added = NewProvider("acme", $"http://127.0.0.1:{Table.Port}", true)
            .Concat(NewProvider("control", $"http://localhost:{Canary.Port}", true))
            .Concat(NewProvider("certified", $"https://localhost:{WronglyCertified.Port}", true))
            .Concat(NewProvider("dead", "http://127.0.0.1:1", true))
            .Concat(NewProvider("nameless", "https://nowhere.invalid", false))
            .Concat(LocalHosts.Index().SelectMany(host => NewProvider($"local-{host.Index}", $"https://{host.Item}:{Canary.Port}", false)));
        foreach (var setting in added) yield return setting;

        // A proxy of the machine must not learn of any request.
        foreach (var name in new[] { "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy" })
            yield return (name, $"http://127.0.0.1:{Canary.Port}");
        foreach (var name in new[] { "NO_PROXY", "no_proxy" })
            yield return (name, "");
        yield return ("Serilog__MinimumLevel__Default", "Verbose");
        yield return ("Serilog__MinimumLevel__Override__System", "Verbose");
        yield return ("Serilog__MinimumLevel__Override__Microsoft", "Verbose");
    }
}

/// <summary>One installation for all that tests keys on SQLite.</summary>
[CollectionDefinition(Name)]
public sealed class TestedKeys : ICollectionFixture<TestedOnSqlite>
{
    public const string Name = "tested keys on SQLite";
}

public sealed class TestedOnSqlite() : TestedApp(Databases.Sqlite);

public sealed class TestedOnPostgreSql() : TestedApp(Databases.PostgreSql);

public sealed class TestedOnSqlServer() : TestedApp(Databases.SqlServer);
