using System.Net;
using KeyVaultApp.BrowserTests;
using KeyVaultApp.IntegrationTests.Harness;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Fleet))]

namespace KeyVaultApp.BrowserTests;

/// <summary>One Chromium for all tests, and one installation with the demo fleet and an administrator.</summary>
public sealed class Fleet : IAsyncLifetime
{
    public const string AdminEmail = "ada@example.com";
    public const string Password = "correct horse battery";

    private static readonly string[] Flags =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private readonly StrictProvider _provider = new();
    private IPlaywright? _playwright;

    public IBrowser Browser { get; private set; } = null!;

    public App App { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(30_000);
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium-headless-shell", Args = Flags });
        App = await App.CreateAsync(Databases.Sqlite, [.. _provider.Settings, ("Providers__elevenlabs__Enabled", "false")]);
        (await App.CliAsync("demo", "--workspaces", "6", "--agents", "120")).Expect(0);
        (await App.CliAsync("migrate", "plan")).Expect(0);
        await AddUserAsync(AdminEmail, "admin");
        await App.ServeAsync();
        await CountReadsAsync();
        await AddLongNamesAsync();
    }

    /// <summary>Names as long as they may be and without a blank: no page may be widened by what people call their things.</summary>
    private async Task AddLongNamesAsync()
    {
        var admin = App.Client(await App.TokenAsync("admin"));
        var workspace = (await (await admin.PostAsync("/api/v1/workspaces", new { name = Long(100) })).ReadAsync(HttpStatusCode.Created)).Id();
        var key = (await (await admin.PostAsync("/api/v1/keys", new { name = Long(100), kind = "stt", value = Fresh.Value(), workspace_ids = new[] { workspace } })).ReadAsync(HttpStatusCode.Created)).Id();
        await admin.AddAgentAsync(workspace, ("name", Long(200)), ("external_id", Long(200)), ("selected_stt_key_id", key), ("tts_key", Fresh.Value()));

        static string Long(int length) => "A-" + new string('m', length - 2);
    }

    /// <summary>Reads of the last days, which no test can wait for.</summary>
    private async Task CountReadsAsync()
    {
        var workspace = (await App.Database.QueryAsync<Guid>($"SELECT id AS \"Value\" FROM workspaces"))[0];
        for (var ago = 0; ago < 10; ago++)
        {
            var day = DateTime.UtcNow.AddDays(-ago);
            foreach (var kind in new[] { 1, 2, 3 })
                await App.Database.ExecuteAsync($"INSERT INTO legacy_reads (workspace_id, kind, day, reads) VALUES ({workspace}, {kind}, {(day.Year * 10_000) + (day.Month * 100) + day.Day}, {ago * kind})");
        }
    }

    public async Task AddUserAsync(string email, string role, params string[] workspaces) =>
        (await App.CliWithInputAsync(Password + "\n", ["users", "add", "--email", email, "--role", role, .. workspaces.SelectMany(name => new[] { "--workspace", name })])).Expect(0);

    /// <summary>A browser of somebody's own: no cookies, and a watch over all that its pages must not do.</summary>
    public async Task<Visitor> VisitAsync(string? email = AdminEmail, ColorScheme theme = ColorScheme.Light, int width = 1280, bool script = true)
    {
        var context = await Browser.NewContextAsync(new()
        {
            BaseURL = App.Address.ToString(),
            ColorScheme = theme,
            ViewportSize = new() { Width = width, Height = 900 },
            JavaScriptEnabled = script,
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(30_000);
        var visitor = await Visitor.ComeAsync(context);
        if (email is not null) await visitor.SignInAsync(email, Password);
        return visitor;
    }

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null) await Browser.CloseAsync();
        _playwright?.Dispose();
        if (App is not null) await App.DisposeAsync();
        await _provider.DisposeAsync();
    }
}
