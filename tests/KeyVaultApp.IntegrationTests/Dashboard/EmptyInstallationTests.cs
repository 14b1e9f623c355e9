using System.Text.RegularExpressions;
using KeyVaultApp.IntegrationTests.Access;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Dashboard;

/// <summary>What an installation says in which there is nothing yet, and to whom.</summary>
public abstract class EmptyInstallationTests(SharedApp shared) : AppTests(shared)
{
    [Fact]
    public async Task It_says_what_to_do_next_and_calls_nothing_done()
    {
        using var admin = await App.AdminAsync();

        var dashboard = await admin.OpenAsync("/");
        Assert.Equal(3, Regex.Count(dashboard, "No agents yet\\.", RegexOptions.None, TimeSpan.FromSeconds(1)));
        Assert.DoesNotContain("Nothing in the way.", dashboard, StringComparison.Ordinal);

        var agents = await admin.OpenAsync("/agents");
        Assert.Contains("href=\"/workspaces/new\"", agents, StringComparison.Ordinal);
        Assert.Contains("agents import", agents, StringComparison.Ordinal);
        Assert.DoesNotContain("Ask an administrator", agents, StringComparison.Ordinal);

        using var ops = await App.SignInAsync(await App.AddPersonAsync("ops"), 'O');
        Assert.DoesNotContain("Ask an administrator", await ops.OpenAsync("/agents"), StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/workspaces/new\"", await ops.OpenAsync("/agents"), StringComparison.Ordinal);
        using var user = await App.SignInAsync(await App.AddPersonAsync("user"));
        Assert.Contains("Ask an administrator", await user.OpenAsync("/agents"), StringComparison.Ordinal);

        await Admin.AddWorkspaceAsync();
        Assert.DoesNotContain("href=\"/workspaces/new\"", await admin.OpenAsync("/agents"), StringComparison.Ordinal);
    }

    public sealed class OnSqlite(SqliteApp app) : EmptyInstallationTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgreSql(PostgreSqlApp app) : EmptyInstallationTests(app), IClassFixture<PostgreSqlApp>;

    public sealed class OnSqlServer(SqlServerApp app) : EmptyInstallationTests(app), IClassFixture<SqlServerApp>;
}
