using System.Net;
using System.Text.Json;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Rollout;

/// <summary>The phase of the installation, over API and command line, in an installation of its own: all others rely on theirs.</summary>
public abstract class InstallationPhaseTests(SharedApp shared) : AppTests(shared)
{
    private const string Address = "/api/v1/rollout";

    [Fact]
    public async Task It_counts_for_workspaces_without_a_phase_of_their_own()
    {
        var (follows, own) = ((await Admin.AddWorkspaceAsync()).Id(), await Admin.AddWorkspaceInAsync(Arranged.DirectKeys));
        var value = Fresh.Value();
        var (moved, stays) = ((await Admin.AddAgentAsync(follows, ("tts_key", value))).Id(), (await Admin.AddAgentAsync(own, ("tts_key", value))).Id());
        Assert.Equal(Arranged.DirectKeys, (await Admin.ReadAsync(Address)).Text("phase"));

        // Refused with the agents that follow it; by command line with exit code 3.
        var problem = await (await Admin.PutAsync(Address, new { phase = Arranged.ReferencesOnly })).ProblemAsync(HttpStatusCode.Conflict, "would_change_answers");
        Assert.Equal([moved], problem.GetProperty("agents").EnumerateArray().Select(agent => agent.Id()));
        var told = (await App.CliAsync("rollout", "set", Arranged.ReferencesOnly)).Expect(3).Errors;
        var named = await Admin.ReadAsync($"/api/v1/agents/{moved}");
        Assert.StartsWith($"{(await Admin.ReadAsync($"/api/v1/workspaces/{follows}")).Text("name")}  {named.Text("name")}  {moved}  tts  no_reference", told, StringComparison.Ordinal);
        Assert.Contains("1 agent would get another answer than now: refused without --force.", told, StringComparison.Ordinal);
        Assert.DoesNotContain('{', told);
        var machine = (await App.CliAsync("rollout", "set", Arranged.ReferencesOnly, "--json")).Expect(3);
        using var refusal = JsonDocument.Parse(machine.Errors);
        Assert.Equal(("would_change_answers", "", moved), (refusal.RootElement.Text("code"), machine.Output, refusal.RootElement.GetProperty("agents")[0].Id()));
        Assert.Equal(value, await Resolver.ResolvedValueAsync(moved));

        using var forced = JsonDocument.Parse((await App.CliAsync("rollout", "set", Arranged.ReferencesOnly, "--force", "--json")).Expect(0).Output);
        Assert.Equal(Arranged.ReferencesOnly, forced.RootElement.Text("phase"));
        await (await Resolver.ResolveAsync(moved)).ProblemAsync(HttpStatusCode.NotFound, "not_configured");
        Assert.Equal(value, await Resolver.ResolvedValueAsync(stays));

        // One workspace by its name, and back to the installation's phase.
        var name = (await Admin.ReadAsync($"/api/v1/workspaces/{follows}")).Text("name");
        var set = (await App.CliAsync("rollout", "set", Arranged.WithFallback, "--workspace", name.ToUpperInvariant(), "--force")).Expect(0);
        Assert.Contains($"installation  {Arranged.ReferencesOnly}", set.Output, StringComparison.Ordinal);
        Assert.Equal(value, await Resolver.ResolvedValueAsync(moved));
        Assert.Contains($"{name}  {Arranged.WithFallback}", (await App.CliAsync("rollout", "show")).Expect(0).Output, StringComparison.Ordinal);
        (await App.CliAsync("rollout", "set", "inherit", "--workspace", follows.ToString(), "--force")).Expect(0);
        await (await Resolver.ResolveAsync(moved)).ProblemAsync(HttpStatusCode.NotFound, "not_configured");

        using var shown = JsonDocument.Parse((await App.CliAsync("rollout", "show", "--json")).Expect(0).Output);
        Assert.Equal(Arranged.ReferencesOnly, shown.RootElement.Text("phase"));
        Assert.Equal([own], shown.RootElement.GetProperty("workspaces").EnumerateArray().Select(workspace => workspace.Id("workspace_id")));
    }

    [Fact]
    public async Task What_it_cannot_be_set_to_is_refused_and_changes_nothing()
    {
        var before = await App.Database.StateAsync();

        (await App.CliAsync("rollout", "set", "phase_two")).Expect(2);
        (await App.CliAsync("rollout", "set", "inherit")).Expect(2);
        (await App.CliAsync("rollout", "set")).Expect(2);
        (await App.CliAsync("rollout", "set", Arranged.WithFallback, "--workspace", Unique("Nowhere"))).Expect(1);
        await (await Admin.PutAsync(Address, new { })).ProblemAsync(HttpStatusCode.BadRequest, "invalid", "phase");

        Assert.Equal(before, await App.Database.StateAsync());
        await Admin.AddWorkspaceAsync();
        Assert.NotEqual(before, await App.Database.StateAsync());
    }

    public sealed class OnSqlite(SqliteApp app) : InstallationPhaseTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgreSql(PostgreSqlApp app) : InstallationPhaseTests(app), IClassFixture<PostgreSqlApp>;

    public sealed class OnSqlServer(SqlServerApp app) : InstallationPhaseTests(app), IClassFixture<SqlServerApp>;
}
