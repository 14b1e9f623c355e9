using KeyVaultApp.IntegrationTests.Access;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Dashboard;

/// <summary>What the dashboard and the rollout say of phases, in an installation of its own: they count all there is.</summary>
public abstract class PhasesApartTests(SharedApp shared) : AppTests(shared)
{
    private const string Except = "everywhere except in <a href=\"/rollout?sort=-phase\">1 workspace</a>";

    [Fact]
    public async Task Workspaces_in_another_phase_than_the_installation_are_told()
    {
        using var admin = await App.AdminAsync();
        var (follows, own) = ((await Admin.AddWorkspaceAsync()).Id(), await Admin.AddWorkspaceInAsync(Arranged.DirectKeys));
        var behind = await Admin.AddWorkspaceInAsync(Arranged.DirectKeys);
        foreach (var workspace in new[] { follows, own }) await Admin.AddAgentAsync(workspace, ("tts_key", Fresh.Value()));
        await Admin.SetPhaseAsync(behind, null);
        Assert.Contains("The phase is direct_keys", await admin.OpenAsync("/"), StringComparison.Ordinal);
        await (await Admin.PutAsync("/api/v1/rollout", new { phase = Arranged.ReferencesOnly, force = true })).ReadAsync();

        var mixed = await admin.OpenAsync("/");
        Assert.Contains(Except, mixed, StringComparison.Ordinal);
        Assert.Contains("1 workspace is in direct_keys, in which references are ignored.", mixed, StringComparison.Ordinal);
        Assert.Contains("1 workspace still reads old columns.", mixed, StringComparison.Ordinal);
        Assert.DoesNotContain("Old columns are not read any more, and not removed", mixed, StringComparison.Ordinal);
        Assert.Contains(Except, await admin.OpenAsync("/rollout"), StringComparison.Ordinal);

        await Admin.SetPhaseAsync(own, Arranged.ReferencesOnly);
        var one = await admin.OpenAsync("/");
        Assert.DoesNotContain("everywhere except", one + await admin.OpenAsync("/rollout"), StringComparison.Ordinal);
        Assert.DoesNotContain("direct_keys, in which", one, StringComparison.Ordinal);
        Assert.Contains("Old columns are not read any more, and not removed", one, StringComparison.Ordinal);
    }

    public sealed class OnSqlite(SqliteApp app) : PhasesApartTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgreSql(PostgreSqlApp app) : PhasesApartTests(app), IClassFixture<PostgreSqlApp>;

    public sealed class OnSqlServer(SqlServerApp app) : PhasesApartTests(app), IClassFixture<SqlServerApp>;
}
