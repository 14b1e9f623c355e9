using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using KeyVaultApp.Accounts;
using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using Microsoft.AspNetCore.Http;

namespace KeyVaultApp.IntegrationTests.Harness;

/// <summary>
/// One installation: a data directory and a database of its own, the real process serving it and the real verbs working on it.
/// </summary>
public sealed partial class App : IAsyncDisposable
{
    private const int MatchMilliseconds = 1000;
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(30);

    private readonly Database _database;
    private readonly List<HttpClient> _clients = [];
    private readonly List<AppProcess> _runs = [];
    private AppProcess? _process;

    private App(string folder, Database database)
    {
        Folder = folder;
        _database = database;
        Settings = new(StringComparer.Ordinal)
        {
            ["DataDirectory"] = DataDirectory,
            ["Storage__Provider"] = database.Provider.Provider,
            ["ConnectionStrings__KeyVault"] = database.ConnectionString,
        };
    }

    /// <summary>A folder of this installation's own, in which its processes run.</summary>
    public string Folder { get; }

    public string DataDirectory => Path.Combine(Folder, "data");

    /// <summary>Environment variables of every process from the next one on; add to them before a start.</summary>
    public Dictionary<string, string> Settings { get; }

    public Database Database => _database;

    /// <summary>Where it listens, from the first start on.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1:0");

    /// <summary>All that any of its servers printed, for those who look for what must not be there.</summary>
    public string Printed => string.Concat(_runs.Select(run => run.Output + run.Errors));

    /// <summary>An empty installation that no process has touched yet.</summary>
    public static async Task<App> CreateAsync(Databases provider, params (string Name, string Value)[] settings)
    {
        provider.Require();
        var folder = Directory.CreateTempSubdirectory("keyvault-app-").FullName;
        var data = Directory.CreateDirectory(Path.Combine(folder, "data")).FullName;
        var app = new App(folder, await provider.CreateAsync(data));
        foreach (var (name, value) in settings) app.Settings[name] = value;
        return app;
    }

    /// <summary>An empty installation that serves.</summary>
    public static async Task<App> StartAsync(Databases provider, params (string Name, string Value)[] settings)
    {
        provider.Require();
        var template = await Templates.OfAsync(provider);
        var folder = Directory.CreateTempSubdirectory("keyvault-app-").FullName;
        var data = Directory.CreateDirectory(Path.Combine(folder, "data")).FullName;
        foreach (var file in Directory.GetFiles(template.DataDirectory).Where(file => Path.GetFileName(file) != ".lock"))
            File.Copy(file, Path.Combine(data, Path.GetFileName(file)));
        var copy = await provider.CopyAsync(template.Database, data);
        var app = new App(folder, copy ?? await provider.CreateAsync(data));
        foreach (var (name, value) in settings) app.Settings[name] = value;
        try
        {
            if (copy is null) (await app.CliAsync("db", "update")).Expect(0);
            await app.ServeAsync();
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the server on the data that is there; a second time on the same port, so that clients stay good.</summary>
    public async Task ServeAsync(params string[] arguments)
    {
        if (_process is { HasExited: false }) throw new InvalidOperationException("It serves already.");
        _process = await AppProcess.StartAsync(["serve", "--urls", $"http://127.0.0.1:{Address.Port}", .. arguments], Settings, Folder);
        _runs.Add(_process);
        var address = await _process.WaitForLineAsync(line => ListeningOn().Match(line) is { Success: true } match ? match.Value : null);
        Address = new Uri(address);
    }

    /// <summary>Path and query of the link for the first administrator, which the console shows once it listens.</summary>
    public Task<string> SetUpPathAsync() => Running.WaitForLineAsync(line => line.IndexOf("/set-up?token=", StringComparison.Ordinal) is >= 0 and var start ? line[start..].Trim() : null);

    /// <summary>Starts the server where a start must fail, and returns how it did.</summary>
    public async Task<CliResult> ServeInVainAsync(params string[] arguments)
    {
        await using var process = await AppProcess.StartAsync(["serve", "--urls", "http://127.0.0.1:0", .. arguments], Settings, Folder);
        return await process.WaitAsync();
    }

    /// <summary>As <c>kill -9</c> does: nothing is flushed.</summary>
    public async Task KillAsync()
    {
        Running.Kill();
        await Running.WaitAsync();
    }

    /// <summary>As a service manager does: it ends by itself, with exit code 0.</summary>
    public async Task StopAsync()
    {
        Running.Terminate();
        (await Running.WaitAsync()).Expect(0);
    }

    /// <summary>Runs one verb on the same data to its end.</summary>
    public Task<CliResult> CliAsync(params string[] arguments) => CliWithInputAsync(null, arguments);

    /// <param name="input">For standard input, by which secrets come.</param>
    public async Task<CliResult> CliWithInputAsync(string? input, params string[] arguments)
    {
        await using var process = await AppProcess.StartAsync(arguments, Settings, Folder, input);
        return await process.WaitAsync();
    }

    /// <summary>
    /// Makes a token by the slice that the verb calls, without a process of its own. A resolver token without workspaces gets all
    /// of them.
    /// </summary>
    public async Task<string> TokenAsync(string role, params string[] workspaces)
    {
        await using var db = Database.Context();
        var activity = new ActivityLog(db, TimeProvider.System, new HttpContextAccessor());
        var parsed = Enum.Parse<Role>(role, ignoreCase: true);
        var form = new CreateToken.Form($"{role} {Guid.NewGuid():N}", parsed, workspaces, parsed == Role.Resolver && workspaces is [], null);
        return (await new CreateToken(db, activity, TimeProvider.System).RunAsync(form, Actor.CommandLine("tests"), CancellationToken.None)).Token;
    }

    /// <summary>A client without cookies that follows no redirect.</summary>
    public Api Client(string? token = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, Expect100ContinueTimeout = RequestLimit })
        {
            BaseAddress = Address,
            Timeout = RequestLimit,
        };
        if (token is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        _clients.Add(client);
        return new Api(client);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) client.Dispose();
        foreach (var run in _runs) await run.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private AppProcess Running => _process is { HasExited: false } ? _process : throw new InvalidOperationException("It does not serve.");

    [GeneratedRegex(@"http://127\.0\.0\.1:[1-9]\d*", RegexOptions.None, MatchMilliseconds)]
    private static partial Regex ListeningOn();
}
