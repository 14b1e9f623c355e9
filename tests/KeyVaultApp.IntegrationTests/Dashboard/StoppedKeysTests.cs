using KeyVaultApp.IntegrationTests.Access;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Dashboard;

/// <summary>Keys that need attention, in an installation of its own: the dashboard counts all there is.</summary>
public abstract class StoppedKeysTests(SharedApp shared) : AppTests(shared)
{
    [Fact]
    public async Task Keys_that_stopped_while_agents_use_them_are_counted_and_listed_alike()
    {
        using var admin = await App.AdminAsync();
        var workspace = await Admin.AddWorkspaceInAsync(Arranged.WithFallback);
        var (disabled, expired, reached, unused, active) =
            (await Admin.AddKeyToAsync(workspace), await Admin.AddKeyToAsync(workspace), await Admin.AddKeyToAsync(workspace), await Admin.AddKeyToAsync(workspace), await Admin.AddKeyToAsync(workspace));
        foreach (var key in new[] { disabled, expired, active }) await Admin.AddAgentAsync(workspace, ("selected_tts_key_id", key));
        await App.Database.SetLegacyAsync((await Admin.AddAgentAsync(workspace)).Id(), "tts", reached.ToString());
        await (await Admin.PostAsync($"/api/v1/keys/{disabled}/disable", new { confirm = true })).ReadAsync();
        foreach (var key in new[] { expired, reached, unused })
            await (await Admin.PatchAsync($"/api/v1/keys/{key}", new { expires_at = "2020-01-01", version = 1, confirm = true })).ReadAsync();

        var dashboard = await admin.OpenAsync("/");

        Assert.Contains("<a class=\"tile \" href=\"/keys?stopped_in_use=true\">", dashboard, StringComparison.Ordinal);
        Assert.Matches("3</strong>\\s*<span>disabled or expired keys still used", dashboard);
        var listed = (await Admin.ReadAsync("/api/v1/keys?stopped_in_use=true")).Items().Select(key => key.Id()).ToHashSet();
        Assert.True(listed.SetEquals([disabled, expired, reached]));
        var page = await admin.OpenAsync("/keys?stopped_in_use=true");
        Assert.Contains($"/keys/{expired}", page, StringComparison.Ordinal);
        Assert.DoesNotContain($"/keys/{active}", page, StringComparison.Ordinal);
    }

    public sealed class OnSqlite(SqliteApp app) : StoppedKeysTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgreSql(PostgreSqlApp app) : StoppedKeysTests(app), IClassFixture<PostgreSqlApp>;

    public sealed class OnSqlServer(SqlServerApp app) : StoppedKeysTests(app), IClassFixture<SqlServerApp>;
}
