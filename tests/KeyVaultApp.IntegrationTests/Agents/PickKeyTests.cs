using System.Net;
using KeyVaultApp.IntegrationTests.Access;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Agents;

/// <summary>One key for several agents: all of them, or none.</summary>
public abstract class PickKeyTests(SharedApp shared) : AppTests(shared)
{
    [Fact]
    public async Task Agents_pick_a_key_for_the_slot_of_its_kind_and_keep_the_others()
    {
        var workspace = await Admin.AddWorkspaceInAsync(Arranged.WithFallback);
        var (tts, stt) = (await Admin.AddKeyToAsync(workspace), await Admin.AddKeyToAsync(workspace, "stt"));
        var agents = new[] { await Admin.AddAgentAsync(workspace, ("selected_stt_key_id", stt)), await Admin.AddAgentAsync(workspace), await Admin.AddAgentAsync(workspace, ("selected_tts_key_id", tts)) };
        var body = new { key_id = tts, agent_ids = agents.Select(agent => agent.Id()).ToArray() };

        Assert.Equal(2, (await (await Admin.PostAsync("/api/v1/agents/pick", body)).ReadAsync()).GetProperty("changed").GetInt32());
        foreach (var agent in agents) Assert.Equal(tts, (await Admin.ReadAsync($"/api/v1/agents/{agent.Id()}")).Id("selected_tts_key_id"));
        Assert.Equal(stt, (await Admin.ReadAsync($"/api/v1/agents/{agents[0].Id()}")).Id("selected_stt_key_id"));
        Assert.Equal(["agent_changed", "agent_created"], (await Admin.ActivityOfAsync(agents[1].Id())).Select(entry => entry.Text("action")));
        Assert.Equal(0, (await (await Admin.PostAsync("/api/v1/agents/pick", body)).ReadAsync()).GetProperty("changed").GetInt32());
    }

    [Fact]
    public async Task One_agent_that_may_not_use_the_key_keeps_all_as_they_are()
    {
        var (own, foreign) = (await Admin.AddWorkspaceInAsync(Arranged.WithFallback), await Admin.AddWorkspaceInAsync(Arranged.WithFallback));
        var (key, foreignKey) = (await Admin.AddKeyToAsync(own), await Admin.AddKeyToAsync(foreign));
        var (agent, stranger) = (await Admin.AddAgentAsync(own), await Admin.AddAgentAsync(foreign));
        Guid[] both = [agent.Id(), stranger.Id()];

        await (await Admin.PostAsync("/api/v1/agents/pick", new { key_id = key, agent_ids = both })).ProblemAsync(HttpStatusCode.NotFound, "not_found", "key_id");
        await (await Admin.PostAsync("/api/v1/agents/pick", new { key_id = key, agent_ids = new[] { agent.Id(), Guid.NewGuid() } })).ProblemAsync(HttpStatusCode.NotFound, "not_found", "agent_ids");
        using var user = await App.SignInAsync(await App.AddPersonAsync("user", own));
        await user.OpenAsync("/agents");
        foreach (var (id, agents) in new[] { (key, both), (foreignKey, [agent.Id()]), (foreignKey, [stranger.Id()]) })
            Assert.Equal(HttpStatusCode.NotFound, (await user.PostAsync("/agents/pick/apply", [("key_id", id.ToString()), .. agents.Select(one => ("agent_ids", one.ToString()))])).StatusCode);
        Assert.DoesNotContain(stranger.Text("name"), await (await user.PostAsync("/agents/pick", [.. both.Select(one => ("agent_ids", one.ToString()))])).TextAsync(), StringComparison.Ordinal);
        foreach (var id in both) Assert.Equal(1, (await Admin.ReadAsync($"/api/v1/agents/{id}")).Version());

        Assert.Equal(HttpStatusCode.Redirect, (await user.PostAsync("/agents/pick/apply", ("key_id", key.ToString()), ("agent_ids", agent.Id().ToString()))).StatusCode);
        Assert.Equal(key, (await Admin.ReadAsync($"/api/v1/agents/{agent.Id()}")).Id("selected_tts_key_id"));
    }

    public sealed class OnSqlite(SqliteApp app) : PickKeyTests(app);

    public sealed class OnPostgreSql(PostgreSqlApp app) : PickKeyTests(app);

    public sealed class OnSqlServer(SqlServerApp app) : PickKeyTests(app);
}
