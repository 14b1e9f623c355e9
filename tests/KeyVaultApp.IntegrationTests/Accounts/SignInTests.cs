using System.Net;
using System.Text.RegularExpressions;
using KeyVaultApp.IntegrationTests.Access;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Accounts;

/// <summary>What signing in answers, and what is kept of it.</summary>
public abstract partial class SignInTests(SharedApp shared) : AppTests(shared)
{
    [Fact]
    public async Task Coming_going_and_failing_are_in_the_activity_log_without_the_password()
    {
        var email = await App.AddPersonAsync("ops");
        using (var wrong = new Caller(email, null, App.Address)) await wrong.TryPasswordAsync(email, Panel.WrongPassword);
        using var caller = await App.SignInAsync(email, 'O');
        Assert.Equal(HttpStatusCode.Redirect, (await caller.PostAsync("/sign-out")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await caller.SendAsync(HttpMethod.Get, "/keys")).StatusCode);

        var entries = await Admin.ActivityOfAsync(await App.UserIdAsync(email));
        Assert.Equal(["signed_out", "signed_in", "sign_in_failed", "user_added"], entries.Select(entry => entry.Text("action")));
        Assert.Equal([email, email, "Sign-in page"], entries.Take(3).Select(entry => entry.Text("actor_name")));
        Assert.All(entries, entry => Assert.DoesNotContain("horse", entry.GetRawText(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Unknown_names_get_the_same_text_and_are_not_written_down()
    {
        var email = await App.AddPersonAsync("ops");
        var typed = $"hunter2-{Guid.NewGuid():N}";
        using var caller = new Caller("nobody", null, App.Address);
        var known = await caller.TryPasswordAsync(email, Panel.WrongPassword);
        var unknown = await caller.TryPasswordAsync(typed, Panel.WrongPassword);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (known.StatusCode, unknown.StatusCode));
        Assert.Equal(SummaryIn(await known.TextAsync()), SummaryIn(await unknown.TextAsync()));
        var failures = (await Admin.ReadAsync("/api/v1/activity?action=sign_in_failed&search=Unknown+name&page_size=200")).Items();
        Assert.NotEmpty(failures);
        Assert.Equal(0, (await Admin.ReadAsync($"/api/v1/activity?search={typed}")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task A_new_password_is_another_one()
    {
        var email = await App.AddPersonAsync("ops");
        using var caller = await App.SignInAsync(email, 'O');
        await caller.OpenAsync("/account/password");

        var same = await caller.PostAsync("/account/password", ("current_password", Panel.Password), ("new_password", Panel.Password), ("new_password_again", Panel.Password));
        Assert.Equal(HttpStatusCode.BadRequest, same.StatusCode);
        Assert.Contains("The new password is the current one.", await same.TextAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("password_changed", (await Admin.ActivityOfAsync(await App.UserIdAsync(email))).Select(entry => entry.Text("action")));

        Assert.Equal(HttpStatusCode.Redirect, (await caller.PostAsync("/account/password",
            ("current_password", Panel.Password), ("new_password", Panel.Password + "!"), ("new_password_again", Panel.Password + "!"))).StatusCode);
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_whatever_the_case_and_blanks_of_the_name()
    {
        var email = await App.AddPersonAsync("ops");
        using var caller = new Caller(email, null, App.Address);
        string[] spellings = [email, email.ToUpperInvariant(), $" {email} ", email, $"{email} "];
        foreach (var spelling in spellings) Assert.Equal(HttpStatusCode.BadRequest, (await caller.TryPasswordAsync(spelling, Panel.WrongPassword)).StatusCode);

        Assert.Equal(HttpStatusCode.BadRequest, (await caller.TryPasswordAsync(email, Panel.Password)).StatusCode);
        var id = await App.UserIdAsync(email);
        Assert.Single(await Admin.ActivityOfAsync(id), entry => entry.Text("action") == "user_locked_out");
        await App.Database.ExecuteAsync($"UPDATE users SET lockout_end = NULL WHERE email = {email}");
        Assert.Equal(HttpStatusCode.Redirect, (await caller.TryPasswordAsync(email, Panel.Password)).StatusCode);
    }

    [Fact]
    public async Task Whoever_is_disabled_or_loses_their_role_is_out_with_the_next_request()
    {
        var (disabled, demoted) = (await App.AddPersonAsync("ops"), await App.AddPersonAsync("admin"));
        using var first = await App.SignInAsync(disabled);
        using var second = await App.SignInAsync(demoted);
        Assert.Equal(HttpStatusCode.OK, (await first.SendAsync(HttpMethod.Get, "/keys")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await second.SendAsync(HttpMethod.Get, "/keys/new")).StatusCode);

        using var admin = await App.AdminAsync();
        var demotedId = await App.UserIdAsync(demoted);
        var stamp = Caller.FieldIn(await admin.OpenAsync($"/settings/users/{demotedId}"), "stamp");
        Assert.Equal(HttpStatusCode.Redirect, (await admin.PostAsync($"/settings/users/{demotedId}", ("role", "ops"), ("stamp", stamp))).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await admin.PostAsync($"/settings/users/{await App.UserIdAsync(disabled)}/disable")).StatusCode);

        Assert.StartsWith("/sign-in", (await first.SendAsync(HttpMethod.Get, "/keys")).Headers.Location?.OriginalString, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await second.SendAsync(HttpMethod.Get, "/keys/new")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await second.SendAsync(HttpMethod.Get, "/keys")).StatusCode);
    }

    private static string SummaryIn(string html) => Summary().Match(html) is { Success: true } match ? match.Value : throw new InvalidOperationException($"No summary in: {html}");

    [GeneratedRegex("<div class=\"error-summary\".*?</div>", RegexOptions.Singleline, 1000)]
    private static partial Regex Summary();

    public sealed class OnSqlite(SqliteApp app) : SignInTests(app);

    public sealed class OnPostgreSql(PostgreSqlApp app) : SignInTests(app);

    public sealed class OnSqlServer(SqlServerApp app) : SignInTests(app);
}
