using System.Text.Json;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Accounts;

/// <summary>Users by command line, with passwords on standard input.</summary>
public abstract class UserTests(SharedApp shared) : AppTests(shared)
{
    private const string Password = "correct horse battery";

    [Fact]
    public async Task Users_are_added_listed_and_disabled_and_one_admin_stays()
    {
        var workspace = await Admin.AddWorkspaceAsync();
        (await AddAsync("Root@Example.com", "admin")).Expect(0);
        (await AddAsync("second@example.com", "admin")).Expect(0);
        (await AddAsync("anna@example.com", "user", "--workspace", workspace.Text("name"), "--workspace", workspace.Id().ToString())).Expect(0);
        (await AddAsync("ROOT@example.com ", "ops")).Expect(3);

        var users = await ListAsync();
        Assert.Equal(["Root@Example.com", "anna@example.com", "second@example.com"], users.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([workspace.Id()], users["anna@example.com"].GetProperty("workspaces").EnumerateArray().Select(row => row.Id()));

        (await App.CliAsync("users", "disable", "--email", "root@EXAMPLE.com")).Expect(0);
        (await App.CliAsync("users", "disable", "--email", "second@example.com")).Expect(3);
        users = await ListAsync();
        Assert.Equal(JsonValueKind.String, users["Root@Example.com"].GetProperty("disabled_at").ValueKind);
        Assert.Equal(JsonValueKind.Null, users["second@example.com"].GetProperty("disabled_at").ValueKind);

        (await App.CliWithInputAsync($"{Password} again\n", "users", "reset-password", "--email", "anna@example.com")).Expect(0);
        (await App.CliWithInputAsync($"{Password}\n", "users", "reset-password", "--email", "root@example.com")).Expect(3);
        Assert.Equal(["password_reset", "user_added"], (await Admin.ActivityOfAsync(users["anna@example.com"].Id())).Select(entry => entry.Text("action")));
        Assert.Contains("Root@Example.com  admin  disabled", (await App.CliAsync("users", "list")).Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_makes_no_user_leaves_none()
    {
        (await AddAsync("no-address", "ops")).Expect(2);
        (await AddAsync("bad@example.com", "resolver")).Expect(2);
        (await AddAsync("bad@example.com", "ops", "--workspace", "x")).Expect(2);
        (await AddAsync("bad@example.com", "user", "--workspace", Unique("Nowhere"))).Expect(1);
        (await App.CliWithInputAsync("", "users", "add", "--email", "bad@example.com", "--role", "ops")).Expect(2);
        foreach (var password in new[] { "too short", new string('x', 257), "with\u0007bell-and-more" })
        {
            var refused = (await App.CliWithInputAsync($"{password}\n", "users", "add", "--email", "bad@example.com", "--role", "ops")).Expect(2);
            Assert.DoesNotContain(password, refused.Output + refused.Errors, StringComparison.Ordinal);
        }

        (await App.CliAsync("users", "disable", "--email", "bad@example.com")).Expect(1);
        (await AddAsync("bad@example.com", "ops")).Expect(0);
        (await App.CliWithInputAsync("too short\n", "users", "reset-password", "--email", "bad@example.com")).Expect(2);
        (await App.CliAsync("users", "disable", "--email", "bad@example.com")).Expect(0);
    }

    private Task<CliResult> AddAsync(string email, string role, params string[] more) =>
        App.CliWithInputAsync($"{Password}\n", ["users", "add", "--email", email, "--role", role, .. more]);

    private async Task<Dictionary<string, JsonElement>> ListAsync()
    {
        using var list = JsonDocument.Parse((await App.CliAsync("users", "list", "--json")).Expect(0).Output);
        return list.RootElement.Clone().EnumerateArray().Where(user => user.Text("email") != "bad@example.com").ToDictionary(user => user.Text("email"), StringComparer.Ordinal);
    }

    [Collection(Alone.OnSqlite)]
    public sealed class OnSqlite(SqliteApp app) : UserTests(app);

    [Collection(Alone.OnPostgreSql)]
    public sealed class OnPostgreSql(PostgreSqlApp app) : UserTests(app);

    [Collection(Alone.OnSqlServer)]
    public sealed class OnSqlServer(SqlServerApp app) : UserTests(app);
}
