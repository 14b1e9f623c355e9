using System.Net;
using System.Text.RegularExpressions;
using KeyVaultApp.IntegrationTests.Access;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Accounts;

/// <summary>Codes of an authenticator app and recovery codes, through the pages.</summary>
public abstract partial class SecondFactorTests(SharedApp shared) : AppTests(shared)
{
    [Fact]
    public async Task Once_set_up_the_password_alone_lets_nobody_in_and_a_code_does_once()
    {
        var (email, app, codes) = await SetUpAsync();
        using var caller = new Caller(email, null, App.Address);

        var second = await TicketAsync(caller, email);
        Assert.Equal(HttpStatusCode.Redirect, (await caller.SendAsync(HttpMethod.Get, "/agents")).StatusCode);
        foreach (var wrong in new[] { app.WrongCode(), "", "AAAA-AAAA-AAAA-AAAA" })
            Assert.Equal(HttpStatusCode.BadRequest, (await CodeAsync(caller, second, wrong)).StatusCode);

        var code = app.Code(1);
        Assert.Equal(HttpStatusCode.Redirect, (await CodeAsync(caller, second, code)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await caller.SendAsync(HttpMethod.Get, "/agents")).StatusCode);

        using var other = new Caller(email, null, App.Address);
        Assert.Equal(HttpStatusCode.BadRequest, (await CodeAsync(other, await TicketAsync(other, email), code)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await CodeAsync(other, await TicketAsync(other, email), codes[0])).StatusCode);
    }

    [Fact]
    public async Task A_recovery_code_lets_in_once_and_new_ones_replace_the_old()
    {
        var (email, _, codes) = await SetUpAsync();
        Assert.Equal(10, codes.Count);
        using var caller = new Caller(email, 'U', App.Address);
        Assert.Equal(HttpStatusCode.Redirect, (await CodeAsync(caller, await TicketAsync(caller, email), codes[0].ToLowerInvariant())).StatusCode);
        using var again = new Caller(email, null, App.Address);
        Assert.Equal(HttpStatusCode.BadRequest, (await CodeAsync(again, await TicketAsync(again, email), codes[0])).StatusCode);

        Assert.Contains("9 recovery codes are left", await caller.OpenAsync("/account/second-factor"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await caller.PostAsync("/account/second-factor/codes", ("current_password", Panel.WrongPassword))).StatusCode);
        var renewed = CodesIn(await (await caller.PostAsync("/account/second-factor/codes", ("current_password", Panel.Password))).TextAsync());
        Assert.Empty(renewed.Intersect(codes));
        Assert.Equal(HttpStatusCode.BadRequest, (await CodeAsync(again, await TicketAsync(again, email), codes[1])).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await CodeAsync(again, await TicketAsync(again, email), renewed[1])).StatusCode);
    }

    [Fact]
    public async Task Wrong_codes_lock_out_however_often_the_password_is_right()
    {
        var (email, app, codes) = await SetUpAsync();
        using var caller = new Caller(email, null, App.Address);
        for (var i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.BadRequest, (await CodeAsync(caller, await TicketAsync(caller, email), app.WrongCode())).StatusCode);

        Assert.Equal(HttpStatusCode.BadRequest, (await caller.TryPasswordAsync(email, Panel.Password)).StatusCode);
        var entries = await Admin.ActivityOfAsync(await App.UserIdAsync(email));
        Assert.Single(entries, entry => entry.Text("action") == "user_locked_out");
        Assert.Equal(6, entries.Count(entry => entry.Text("action") == "sign_in_failed"));

        await App.Database.ExecuteAsync($"UPDATE users SET lockout_end = NULL WHERE email = {email}");
        Assert.Equal(HttpStatusCode.Redirect, (await CodeAsync(caller, await TicketAsync(caller, email), codes[0])).StatusCode);
    }

    [Fact]
    public async Task It_is_switched_off_with_the_password_and_by_a_reset()
    {
        var (email, app, _) = await SetUpAsync();
        using var caller = new Caller(email, 'U', App.Address);
        await CodeAsync(caller, await TicketAsync(caller, email), app.Code(1));
        await caller.OpenAsync("/account/second-factor");
        Assert.Equal(HttpStatusCode.BadRequest, (await caller.PostAsync("/account/second-factor/off", ("current_password", Panel.WrongPassword))).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await caller.PostAsync("/account/second-factor/off", ("current_password", Panel.Password))).StatusCode);
        (await App.SignInAsync(email)).Dispose();

        var (lost, _, _) = await SetUpAsync();
        using var admin = await App.AdminAsync();
        await admin.OpenAsync("/settings/users/new");
        Assert.Equal(HttpStatusCode.Redirect, (await admin.PostAsync($"/settings/users/{await App.UserIdAsync(lost)}/password", ("password", Panel.Password))).StatusCode);
        (await App.SignInAsync(lost)).Dispose();
        Assert.Equal(["signed_in", "password_reset", "second_factor_on"], (await Admin.ActivityOfAsync(await App.UserIdAsync(lost))).Take(3).Select(entry => entry.Text("action")));
    }

    [Fact]
    public async Task Neither_secret_nor_recovery_code_is_in_the_database()
    {
        var (email, app, codes) = await SetUpAsync();
        var id = await App.UserIdAsync(email);
        var names = await App.Database.QueryAsync<string>($"SELECT name AS \"Value\" FROM user_tokens WHERE user_id = {id}");
        var values = await App.Database.QueryAsync<string>($"SELECT value AS \"Value\" FROM user_tokens WHERE user_id = {id} AND value IS NOT NULL");
        var rows = string.Join('\n', names.Concat(values));

        Assert.Equal((12, 2), (names.Count, values.Count));
        Assert.Contains("totp_secret", rows, StringComparison.Ordinal);
        Assert.DoesNotContain(app.Secret, rows, StringComparison.OrdinalIgnoreCase);
        foreach (var code in codes) Assert.DoesNotContain(code.Replace("-", "", StringComparison.Ordinal), rows.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
    }

    private async Task<(string Email, AuthenticatorApp App, IReadOnlyList<string> Codes)> SetUpAsync()
    {
        var email = await App.AddPersonAsync("user");
        using var caller = await App.SignInAsync(email);
        var page = await caller.OpenAsync("/account/second-factor");
        Assert.Contains("<svg", page, StringComparison.Ordinal);
        var app = new AuthenticatorApp(SecretText().Match(page).Groups["secret"].Value.Replace(" ", "", StringComparison.Ordinal));
        var offer = Caller.FieldIn(page, "offer");
        Task<HttpResponseMessage> TurnOnAsync(string code, string password) =>
            caller.PostAsync("/account/second-factor", ("offer", offer), ("code", code), ("current_password", password));

        Assert.Equal(HttpStatusCode.BadRequest, (await TurnOnAsync(app.WrongCode(), Panel.Password)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await TurnOnAsync(app.Code(), Panel.WrongPassword)).StatusCode);
        // No code is taken twice: whoever signs in next takes the following one.
        var on = await TurnOnAsync(app.Code(), Panel.Password);
        Assert.Equal(HttpStatusCode.OK, on.StatusCode);
        return (email, app, CodesIn(await on.TextAsync()));
    }

    private static async Task<string> TicketAsync(Caller caller, string email)
    {
        var answer = await caller.TryPasswordAsync(email, Panel.Password);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return Caller.FieldIn(await answer.TextAsync(), "ticket");
    }

    private static Task<HttpResponseMessage> CodeAsync(Caller caller, string ticket, string code) => caller.PostAsync("/sign-in/code", ("ticket", ticket), ("code", code));

    private static IReadOnlyList<string> CodesIn(string html) => [.. RecoveryCode().Matches(html).Select(match => match.Value)];

    [GeneratedRegex("<code id=\"secret\">(?<secret>[A-Z2-7 ]+)</code>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SecretText();

    [GeneratedRegex("\\b[A-Z2-7]{4}(-[A-Z2-7]{4}){3}\\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RecoveryCode();

    public sealed class OnSqlite(SqliteApp app) : SecondFactorTests(app);

    public sealed class OnPostgreSql(PostgreSqlApp app) : SecondFactorTests(app);

    public sealed class OnSqlServer(SqlServerApp app) : SecondFactorTests(app);
}
