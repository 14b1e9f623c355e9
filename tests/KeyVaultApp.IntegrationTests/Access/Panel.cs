using System.Net;
using System.Runtime.CompilerServices;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Access;

/// <summary>People at the panel of a shared installation. The first administrator comes by command line, all others from her.</summary>
internal static class Panel
{
    public const string Password = "correct horse battery";
    public const string WrongPassword = "incorrect horse battery";

    private static readonly ConditionalWeakTable<App, Lazy<Task<string>>> Admins = [];

    /// <summary>An administrator who is signed in, in a browser of this test's own.</summary>
    public static async Task<Caller> AdminAsync(this App app) =>
        await app.SignInAsync(await Admins.GetValue(app, _ => new(() => FirstAsync(app))).Value, 'A');

    /// <summary>Somebody new; returns the address.</summary>
    public static async Task<string> AddPersonAsync(this App app, string role, params Guid[] workspaces)
    {
        using var admin = await app.AdminAsync();
        var email = NewAddress();
        var added = await admin.PostAsync("/settings/users/new",
            [("email", email), ("role", role), ("password", Password), .. workspaces.Select(id => ("workspaces", id.ToString()))]);
        Assert.Equal(HttpStatusCode.Redirect, added.StatusCode);
        return email;
    }

    public static async Task<Caller> SignInAsync(this App app, string email, char role = 'U') =>
        await new Caller(email, role, app.Address).SignInAsync(email, Password);

    public static async Task<Guid> UserIdAsync(this App app, string email) =>
        Assert.Single(await app.Database.QueryAsync<Guid>($"SELECT id AS \"Value\" FROM users WHERE email = {email}"));

    private static string NewAddress() => $"p{Guid.NewGuid():N}@example.com";

    private static async Task<string> FirstAsync(App app)
    {
        var email = NewAddress();
        (await app.CliWithInputAsync($"{Password}\n", "users", "add", "--email", email, "--role", "admin")).Expect(0);
        return email;
    }
}
