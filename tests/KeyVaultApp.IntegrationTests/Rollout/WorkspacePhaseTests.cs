using System.Net;
using System.Text.Json;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Rollout;

/// <summary>The phase of one workspace.</summary>
public abstract class WorkspacePhaseTests(SharedApp shared) : AppTests(shared)
{
    private const string Address = "/api/v1/rollout";

    [Fact]
    public async Task A_workspace_may_have_a_phase_of_its_own_and_inherit_again()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();

        var set = await (await Admin.PutAsync(Address, new { phase = Arranged.ReferencesOnly, workspace_id = workspace })).ReadAsync();
        Assert.Equal(Arranged.ReferencesOnly, Own(set, workspace));
        Assert.Equal(Arranged.ReferencesOnly, (await Admin.ReadAsync($"/api/v1/workspaces/{workspace}")).Text("phase"));

        var inherits = await (await Admin.PutAsync(Address, Arranged.Body(("phase", null), ("workspace_id", workspace)))).ReadAsync();
        Assert.Null(Own(inherits, workspace));
        Assert.Equal(Arranged.DirectKeys, inherits.Text("phase"));
    }

    [Fact]
    public async Task A_switch_that_would_change_an_answer_is_refused_with_the_agents()
    {
        var (workspace, agent, same) = await TwoAgentsAsync();

        var problem = await (await Admin.PutAsync(Address, new { phase = Arranged.ReferencesOnly, workspace_id = workspace }))
            .ProblemAsync(HttpStatusCode.Conflict, "would_change_answers");

        Assert.Equal(1, problem.GetProperty("total").GetInt32());
        var named = Assert.Single(problem.GetProperty("agents").EnumerateArray());
        Assert.Equal(agent, named.Id());
        Assert.Equal(["stt"], named.GetProperty("kinds").EnumerateArray().Select(kind => kind.GetString()));
        Assert.Null(Own(await Admin.ReadAsync(Address), workspace));
        Assert.Equal(["workspace_created"], (await Admin.ActivityOfAsync(workspace)).Select(entry => entry.Text("action")));
        await Resolver.ResolvedValueAsync(agent, "stt");
        await Resolver.ResolvedValueAsync(same);
    }

    [Fact]
    public async Task Forced_it_is_done_and_the_log_keeps_the_agents()
    {
        var (workspace, agent, same) = await TwoAgentsAsync();

        await (await Admin.PutAsync(Address, new { phase = Arranged.ReferencesOnly, workspace_id = workspace, force = true })).ReadAsync();

        await (await Resolver.ResolveAsync(agent, "stt")).ProblemAsync(HttpStatusCode.NotFound, "not_configured");
        await Resolver.ResolvedValueAsync(same);
        var after = (await Admin.ActivityOfAsync(workspace))[0].GetProperty("after");
        Assert.Equal((true, 1), (after.GetProperty("forced").GetBoolean(), after.GetProperty("changed_agents").GetInt32()));
        Assert.Equal([agent], after.GetProperty("agent_ids").EnumerateArray().Select(id => id.GetGuid()));
    }

    [Fact]
    public async Task A_switch_that_changes_no_answer_needs_no_force()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var value = Fresh.Value();
        var key = await Admin.AddKeyToAsync(workspace, "tts", value);
        var agent = (await Admin.AddAgentAsync(workspace, ("tts_key", value), ("selected_tts_key_id", key))).Id();

        foreach (var (phase, source) in new[] { (Arranged.ReferencesOnly, "reference"), (Arranged.WithFallback, "reference"), (Arranged.DirectKeys, "legacy") })
        {
            await (await Admin.PutAsync(Address, new { phase, workspace_id = workspace })).ReadAsync();
            var answer = await (await Resolver.ResolveAsync(agent)).ReadAsync();
            Assert.Equal((value, source), (answer.Text("value"), answer.Text("source")));
        }
    }

    [Fact]
    public async Task Going_back_after_a_rotation_is_refused()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var value = Fresh.Value();
        var key = await Admin.AddKeyToAsync(workspace, "tts", value);
        var agent = (await Admin.AddAgentAsync(workspace, ("tts_key", value), ("selected_tts_key_id", key))).Id();
        await (await Admin.PutAsync(Address, new { phase = Arranged.WithFallback, workspace_id = workspace })).ReadAsync();
        await (await Admin.PostAsync($"/api/v1/keys/{key}/versions", new { value = Fresh.Value(), version = 1 })).ReadAsync(HttpStatusCode.Created);

        var problem = await (await Admin.PutAsync(Address, new { phase = Arranged.DirectKeys, workspace_id = workspace }))
            .ProblemAsync(HttpStatusCode.Conflict, "would_change_answers");

        Assert.Equal([agent], problem.GetProperty("agents").EnumerateArray().Select(row => row.Id()));
    }

    [Fact]
    public async Task Inheriting_is_checked_as_any_other_switch()
    {
        var (workspace, agent, _) = await TwoAgentsAsync();
        await Admin.SetPhaseAsync(workspace, Arranged.ReferencesOnly);

        var problem = await (await Admin.PutAsync(Address, Arranged.Body(("phase", null), ("workspace_id", workspace))))
            .ProblemAsync(HttpStatusCode.Conflict, "would_change_answers");

        Assert.Equal([agent], problem.GetProperty("agents").EnumerateArray().Select(row => row.Id()));
    }

    [Fact]
    public async Task The_phase_that_is_there_already_writes_nothing()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        for (var i = 0; i < 2; i++) await (await Admin.PutAsync(Address, new { phase = Arranged.WithFallback, workspace_id = workspace })).ReadAsync();

        Assert.Equal(["phase_set", "workspace_created"], (await Admin.ActivityOfAsync(workspace)).Select(entry => entry.Text("action")));
    }

    [Fact]
    public async Task A_switch_never_touches_an_old_column()
    {
        var (workspace, agent, _) = await TwoAgentsAsync();
        var before = await App.Database.LegacyAsync(agent, "stt");
        Assert.NotNull(before);

        foreach (var phase in new[] { Arranged.ReferencesOnly, Arranged.WithFallback, Arranged.DirectKeys }) await Admin.SetPhaseAsync(workspace, phase);

        Assert.Equal(before, await App.Database.LegacyAsync(agent, "stt"));
    }

    /// <summary>One agent whose stt key is in the old column alone, and one that has the same tts key both ways.</summary>
    private async Task<(Guid Workspace, Guid Changes, Guid Stays)> TwoAgentsAsync()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var value = Fresh.Value();
        var key = await Admin.AddKeyToAsync(workspace, "tts", value);
        var changes = (await Admin.AddAgentAsync(workspace, ("stt_key", Fresh.Value()))).Id();
        var stays = (await Admin.AddAgentAsync(workspace, ("tts_key", value), ("selected_tts_key_id", key))).Id();
        return (workspace, changes, stays);
    }

    private static string? Own(JsonElement rollout, Guid workspace) =>
        rollout.GetProperty("workspaces").EnumerateArray().Where(row => row.Id("workspace_id") == workspace).Select(row => row.Text("phase")).SingleOrDefault();

    public sealed class OnSqlite(SqliteApp app) : WorkspacePhaseTests(app);

    public sealed class OnPostgreSql(PostgreSqlApp app) : WorkspacePhaseTests(app);

    public sealed class OnSqlServer(SqlServerApp app) : WorkspacePhaseTests(app);
}
