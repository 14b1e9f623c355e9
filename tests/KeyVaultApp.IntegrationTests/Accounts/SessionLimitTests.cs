using System.Globalization;
using System.Net;
using KeyVaultApp.Encryption;
using KeyVaultApp.IntegrationTests.Access;
using KeyVaultApp.IntegrationTests.Harness;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace KeyVaultApp.IntegrationTests.Accounts;

/// <summary>Time that passes is time moved back: in the cookie, which is opened and closed with the installation's own keys, and in the database.</summary>
public sealed class SessionLimitTests(SqliteApp shared) : AppTests(shared)
{
    private const string Cookie = "__Host-keyvault";
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(29, 60, true)]
    [InlineData(31, 60, false)]
    [InlineData(1, (8 * 60) - 5, true)]
    [InlineData(1, (8 * 60) + 5, false)]
    public async Task A_session_ends_after_half_an_hour_unused_and_after_eight_hours(int idle, int since, bool isGood)
    {
        using var caller = await App.SignInAsync(await App.AddPersonAsync("user"));
        Assert.Equal(HttpStatusCode.OK, (await caller.SendAsync(HttpMethod.Get, "/agents")).StatusCode);

        caller[Cookie] = await AgeAsync(caller[Cookie], idle * Minute, since * Minute);

        var answer = await caller.SendAsync(HttpMethod.Get, "/agents");
        Assert.Equal(isGood ? HttpStatusCode.OK : HttpStatusCode.Redirect, answer.StatusCode);
        if (!isGood) Assert.StartsWith("/sign-in", answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_set_up_link_is_worth_nothing_after_an_hour()
    {
        await using var app = await App.StartAsync(Databases.Sqlite);
        var path = await app.SetUpPathAsync();
        using var caller = new Caller("first", null, app.Address);
        var page = await caller.OpenAsync(path);
        var token = Caller.FieldIn(page, "token");

        var expired = DateTime.UtcNow.AddMinutes(-1);
        Assert.Equal(1, await app.Database.ExecuteAsync($"UPDATE set_up_links SET expires_at = {expired}"));
        Assert.Contains("This link no longer works", await (await caller.SendAsync(HttpMethod.Get, path)).TextAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await SetUpAsync()).StatusCode);
        Assert.Equal(0, Assert.Single(await app.Database.QueryAsync<int>($"SELECT COUNT(*) AS \"Value\" FROM users")));

        var good = DateTime.UtcNow.AddMinutes(1);
        Assert.Equal(1, await app.Database.ExecuteAsync($"UPDATE set_up_links SET expires_at = {good}"));
        Assert.Equal(HttpStatusCode.Redirect, (await SetUpAsync()).StatusCode);
        Assert.Equal(1, Assert.Single(await app.Database.QueryAsync<int>($"SELECT COUNT(*) AS \"Value\" FROM users")));

        Task<HttpResponseMessage> SetUpAsync() => caller.PostAsync("/set-up",
            ("token", token), ("email", "first@example.com"), ("password", Panel.Password), ("password_again", Panel.Password));
    }

    private async Task<string> AgeAsync(string cookie, TimeSpan idle, TimeSpan since)
    {
        await using var app = KeyVaultAppBuilder.Build([$"--DataDirectory={App.DataDirectory}"]);
        await using var scope = app.Services.CreateAsyncScope();
        await app.Services.GetRequiredService<Keyring>().OpenAsync(TestContext.Current.CancellationToken);
        var format = scope.ServiceProvider.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get("Session").TicketDataFormat;
        var ticket = format.Unprotect(Uri.UnescapeDataString(cookie)) ?? throw new InvalidOperationException("The cookie does not open.");
        var now = DateTimeOffset.UtcNow;
        ticket.Properties.IssuedUtc = now - idle;
        ticket.Properties.ExpiresUtc = now - idle + TimeSpan.FromMinutes(30);
        ticket.Properties.Items["since"] = (now - since).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return Uri.EscapeDataString(format.Protect(ticket));
    }
}
