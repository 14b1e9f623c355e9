using System.Net;
using System.Text.Json;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Keys;

/// <summary>Disable, enable and delete: what stops a key, and what stands in the way.</summary>
public abstract class StopKeyTests(SharedApp shared) : AppTests(shared)
{
    [Fact]
    public async Task Disabling_a_key_in_use_wants_to_be_confirmed()
    {
        var (key, agent) = await UsedAsync();

        var problem = await (await Admin.PostAsync($"{Address(key)}/disable", new { })).ProblemAsync(HttpStatusCode.Conflict, "key_in_use");
        AssertNames(problem, agent);
        Assert.Equal("active", (await Admin.ReadAsync(Address(key))).Text("status"));
        await (await Resolver.ResolveAsync(agent.Id())).ReadAsync();

        var disabled = await (await Admin.PostAsync($"{Address(key)}/disable", new { confirm = true })).ReadAsync();
        Assert.Equal("disabled", disabled.Text("status"));
        await (await Resolver.ResolveAsync(agent.Id())).ProblemAsync(HttpStatusCode.Conflict, "key_unavailable");
    }

    [Fact]
    public async Task Disabling_an_unused_key_needs_no_body()
    {
        var key = (await Admin.AddKeyAsync()).Id();

        using var answer = await Admin.Http.PostAsync($"{Address(key)}/disable", null, TestContext.Current.CancellationToken);

        Assert.Equal("disabled", (await answer.ReadAsync()).Text("status"));
    }

    [Fact]
    public async Task Enabling_brings_it_back_and_doing_either_twice_changes_nothing()
    {
        var (key, agent) = await UsedAsync();
        for (var i = 0; i < 2; i++) await (await Admin.PostAsync($"{Address(key)}/disable", new { confirm = true })).ReadAsync();
        await (await Resolver.ResolveAsync(agent.Id())).ProblemAsync(HttpStatusCode.Conflict, "key_unavailable");

        for (var i = 0; i < 2; i++) Assert.Equal("active", (await (await Admin.PostAsync($"{Address(key)}/enable", new { })).ReadAsync()).Text("status"));

        await (await Resolver.ResolveAsync(agent.Id())).ReadAsync();
        Assert.Equal(["key_enabled", "key_disabled", "key_created"], (await Admin.ActivityOfAsync(key)).Select(entry => entry.Text("action")));
    }

    [Fact]
    public async Task A_key_in_use_is_not_deleted()
    {
        var (key, agent) = await UsedAsync();

        AssertNames(await (await Admin.DeleteAsync(Address(key))).ProblemAsync(HttpStatusCode.Conflict, "key_in_use"), agent);
        await (await Resolver.ResolveAsync(agent.Id())).ReadAsync();

        await (await Admin.DeleteAsync($"/api/v1/agents/{agent.Id()}")).ReadAsync(HttpStatusCode.NoContent);
        await (await Admin.DeleteAsync(Address(key))).ReadAsync(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData(Arranged.DirectKeys)]
    [InlineData(Arranged.ReferencesOnly)]
    public async Task A_key_is_in_use_through_an_old_column_in_any_phase(string phase)
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var key = await Admin.AddKeyToAsync(workspace, "stt");
        var agent = await Admin.AddAgentAsync(workspace);
        await App.Database.SetLegacyAsync(agent.Id(), "stt", key.ToString().ToUpperInvariant());
        await Admin.SetPhaseAsync(workspace, phase);

        AssertNames(await (await Admin.DeleteAsync(Address(key))).ProblemAsync(HttpStatusCode.Conflict, "key_in_use"), agent, "stt");
        Assert.Equal(1, (await Admin.ReadAsync(Address(key))).GetProperty("agent_count").GetInt32());
        Assert.Equal([agent.Id()], (await Admin.ReadAsync($"{Address(key)}/agents")).Items().Select(row => row.Id()));

        await App.Database.SetLegacyAsync(agent.Id(), "stt", null);
        await (await Admin.DeleteAsync(Address(key))).ReadAsync(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_deleted_key_leaves_a_tombstone_and_its_name_is_free_again()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var deleted = await Admin.AddKeyAsync(workspaces: workspace);
        var agent = (await Admin.AddAgentAsync(workspace)).Id();

        await (await Admin.DeleteAsync(Address(deleted.Id()))).ReadAsync(HttpStatusCode.NoContent);

        await (await Admin.GetAsync(Address(deleted.Id()))).ProblemAsync(HttpStatusCode.NotFound, "not_found");
        await (await Admin.DeleteAsync(Address(deleted.Id()))).ProblemAsync(HttpStatusCode.NotFound, "not_found");
        var again = await Admin.AddKeyAsync(name: deleted.Text("name"));
        Assert.NotEqual(deleted.Id(), again.Id());

        // The id stays recognisable where an old column still has it.
        await App.Database.SetLegacyAsync(agent, "tts", deleted.Id().ToString());
        var problem = await (await Resolver.ResolveAsync(agent)).ProblemAsync(HttpStatusCode.Conflict, "key_unavailable");
        Assert.Equal("deleted", problem.Text("reason"));
        Assert.Equal([deleted.Text("name")], await App.Database.QueryAsync<string>($"SELECT name AS \"Value\" FROM api_key_tombstones WHERE id = {deleted.Id()}"));
        Assert.Equal([0], await App.Database.QueryAsync<int>($"SELECT COUNT(*) AS \"Value\" FROM api_key_versions WHERE key_id = {deleted.Id()}"));
    }

    [Fact]
    public async Task A_refusal_counts_all_agents_and_names_some_of_them()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var key = await Admin.AddKeyToAsync(workspace);
        for (var i = 0; i < 52; i++) await Admin.AddAgentAsync(workspace, ("selected_tts_key_id", key));

        var problem = await (await Admin.DeleteAsync(Address(key))).ProblemAsync(HttpStatusCode.Conflict, "key_in_use");

        Assert.Equal((52, 50), (problem.GetProperty("total").GetInt32(), problem.GetProperty("agents").GetArrayLength()));
    }

    private static string Address(Guid key) => $"/api/v1/keys/{key}";

    private static void AssertNames(JsonElement problem, JsonElement agent, string kind = "tts")
    {
        Assert.Equal(1, problem.GetProperty("total").GetInt32());
        var named = Assert.Single(problem.GetProperty("agents").EnumerateArray());
        Assert.Equal((agent.Id(), agent.Text("name"), agent.Id("workspace_id")), (named.Id(), named.Text("name"), named.Id("workspace_id")));
        Assert.Equal([kind], named.GetProperty("kinds").EnumerateArray().Select(word => word.GetString()));
    }

    private async Task<(Guid Key, JsonElement Agent)> UsedAsync()
    {
        var workspace = await Admin.AddWorkspaceInAsync(Arranged.WithFallback);
        var key = await Admin.AddKeyToAsync(workspace);
        return (key, await Admin.AddAgentAsync(workspace, ("selected_tts_key_id", key)));
    }

    public sealed class OnSqlite(SqliteApp app) : StopKeyTests(app);

    public sealed class OnPostgreSql(PostgreSqlApp app) : StopKeyTests(app);

    public sealed class OnSqlServer(SqlServerApp app) : StopKeyTests(app);
}
