using System.Net;
using System.Text.Json;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Keys;

/// <summary>Which workspaces may use a key, said from either side, and moving agents from one key to another.</summary>
public abstract class AssignKeyTests(SharedApp shared) : AppTests(shared)
{
    [Fact]
    public async Task A_key_is_assigned_to_the_workspaces_that_are_named_and_no_others()
    {
        var (first, second) = ((await Admin.AddWorkspaceAsync()).Id(), (await Admin.AddWorkspaceAsync()).Id());
        var key = (await Admin.AddKeyAsync(workspaces: first)).Id();

        var row = await (await Admin.PutAsync($"/api/v1/keys/{key}/workspaces", new { workspace_ids = new[] { second }, version = 1 })).ReadAsync();

        Assert.Equal([second], row.GetProperty("workspace_ids").EnumerateArray().Select(id => id.GetGuid()));
        Assert.Equal(2, row.Version());
        Assert.Empty(await PickersAsync(first));
        Assert.Equal([key], await PickersAsync(second));
    }

    [Fact]
    public async Task Assigning_from_the_workspace_says_the_same_thing()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var (kept, removed, added) = (await Admin.AddKeyToAsync(workspace), await Admin.AddKeyToAsync(workspace), (await Admin.AddKeyAsync("stt")).Id());

        var answer = await (await Admin.PutAsync($"/api/v1/workspaces/{workspace}/keys", new { key_ids = new[] { kept, added }, version = 1 })).ReadAsync();

        Guid[] expected = [.. new[] { kept, added }.Order()];
        Assert.Equal(expected, answer.GetProperty("keys").EnumerateArray().Select(key => key.Id()).Order());
        Assert.Equal(expected, (await PickersAsync(workspace)).Order());
        Assert.Empty((await Admin.ReadAsync($"/api/v1/keys/{removed}")).GetProperty("workspace_ids").EnumerateArray());
        await (await Admin.PutAsync($"/api/v1/workspaces/{workspace}/keys", new { key_ids = new[] { kept }, version = 1 }))
            .ProblemAsync(HttpStatusCode.Conflict, "stale_version", "version");
    }

    [Fact]
    public async Task A_workspace_whose_agents_use_a_key_does_not_lose_it()
    {
        var (uses, idle) = ((await Admin.AddWorkspaceAsync()).Id(), (await Admin.AddWorkspaceAsync()).Id());
        var key = (await Admin.AddKeyAsync(workspaces: [uses, idle])).Id();
        var agent = (await Admin.AddAgentAsync(uses, ("selected_tts_key_id", key))).Id();

        var fromKey = await (await Admin.PutAsync($"/api/v1/keys/{key}/workspaces", new { workspace_ids = new[] { idle }, version = 1 }))
            .ProblemAsync(HttpStatusCode.Conflict, "key_in_use");
        var fromWorkspace = await (await Admin.PutAsync($"/api/v1/workspaces/{uses}/keys", new { key_ids = Array.Empty<Guid>(), version = 1 }))
            .ProblemAsync(HttpStatusCode.Conflict, "key_in_use");

        foreach (var problem in new[] { fromKey, fromWorkspace })
            Assert.Equal([agent], problem.GetProperty("agents").EnumerateArray().Select(row => row.Id()));
        Assert.Equal([key], await PickersAsync(uses));

        await (await Admin.PutAsync($"/api/v1/keys/{key}/workspaces", new { workspace_ids = new[] { uses }, version = 1 })).ReadAsync();
        Assert.Empty(await PickersAsync(idle));
    }

    [Fact]
    public async Task Nothing_is_written_where_the_assignments_stay()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var key = await Admin.AddKeyToAsync(workspace);

        await (await Admin.PutAsync($"/api/v1/keys/{key}/workspaces", new { workspace_ids = new[] { workspace, workspace }, version = 1 })).ReadAsync();
        await (await Admin.PutAsync($"/api/v1/workspaces/{workspace}/keys", new { key_ids = new[] { key, key }, version = 1 })).ReadAsync();

        Assert.Equal(["key_created"], (await Admin.ActivityOfAsync(key)).Select(entry => entry.Text("action")));
        Assert.Equal(["workspace_created"], (await Admin.ActivityOfAsync(workspace)).Select(entry => entry.Text("action")));
    }

    [Fact]
    public async Task Pickers_show_the_keys_of_the_workspace_by_name_and_kind()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var mark = Guid.NewGuid().ToString("N");
        foreach (var (name, kind) in new[] { ("b", "tts"), ("A", "tts"), ("c", "stt") }) await Admin.AddKeyAsync(kind, null, $"{name} {mark}", workspace);

        var all = await Admin.ReadAsync($"/workspaces/{workspace}/api-keys");
        var stt = await Admin.ReadAsync($"/workspaces/{workspace}/api-keys?kind=stt");

        Assert.Equal(workspace, all.Id("workspace_id"));
        Assert.Equal(["A", "b", "c"], Names(all));
        Assert.Equal(["c"], Names(stt));
        Assert.Equal(["id", "kind", "last4", "name", "provider", "status"], all.GetProperty("keys")[0].EnumerateObject().Select(member => member.Name).Order());
        await (await Admin.GetAsync($"/workspaces/{workspace}/api-keys?kind=voice")).ProblemAsync(HttpStatusCode.BadRequest, "invalid", "kind");
        await (await Admin.GetAsync($"/workspaces/{Guid.NewGuid()}/api-keys")).ProblemAsync(HttpStatusCode.NotFound, "not_found");

        static IEnumerable<string> Names(JsonElement answer) => answer.GetProperty("keys").EnumerateArray().Select(key => key.Text("name")[..1]);
    }

    [Fact]
    public async Task Reassigning_moves_every_agent_to_the_other_key()
    {
        var workspace = await Admin.AddWorkspaceInAsync(Arranged.WithFallback);
        var (from, value) = (await Admin.AddKeyToAsync(workspace), Fresh.Value());
        var to = await Admin.AddKeyToAsync(workspace, "tts", value);
        var agent = await Admin.AddAgentAsync(workspace, ("selected_tts_key_id", from));
        var legacy = (await Admin.AddAgentAsync(workspace)).Id();
        await App.Database.SetLegacyAsync(legacy, "tts", from.ToString());

        var answer = await (await Admin.PostAsync($"/api/v1/keys/{from}/reassign", new { key_id = to })).ReadAsync();

        Assert.Equal((1, 1), (answer.GetProperty("moved").GetInt32(), answer.GetProperty("remaining").GetInt32()));
        Assert.Equal(value, await Resolver.ResolvedValueAsync(agent.Id()));
        Assert.Equal(from.ToString(), await App.Database.LegacyAsync(legacy, "tts"));
        await (await Admin.PutAgentAsync(agent)).ProblemAsync(HttpStatusCode.Conflict, "stale_version");
    }

    [Fact]
    public async Task Reassigning_to_a_key_that_does_not_fit_moves_nobody()
    {
        var (workspace, elsewhere) = ((await Admin.AddWorkspaceAsync()).Id(), (await Admin.AddWorkspaceAsync()).Id());
        var from = await Admin.AddKeyToAsync(workspace);
        var agent = (await Admin.AddAgentAsync(workspace, ("selected_tts_key_id", from))).Id();
        var disabled = await Admin.AddKeyToAsync(workspace);
        await (await Admin.PostAsync($"/api/v1/keys/{disabled}/disable", new { })).ReadAsync();

        foreach (var to in new[] { from, disabled, await Admin.AddKeyToAsync(workspace, "stt"), await Admin.AddKeyToAsync(elsewhere), Guid.NewGuid() })
            await (await Admin.PostAsync($"/api/v1/keys/{from}/reassign", new { key_id = to })).ProblemAsync(HttpStatusCode.BadRequest, "invalid", "key_id");

        Assert.Equal(from, (await Admin.ReadAsync($"/api/v1/agents/{agent}")).Id("selected_tts_key_id"));
    }

    private async Task<Guid[]> PickersAsync(Guid workspace) =>
        [.. (await Admin.ReadAsync($"/workspaces/{workspace}/api-keys")).GetProperty("keys").EnumerateArray().Select(key => key.Id())];

    public sealed class OnSqlite(SqliteApp app) : AssignKeyTests(app);

    public sealed class OnPostgreSql(PostgreSqlApp app) : AssignKeyTests(app);

    public sealed class OnSqlServer(SqlServerApp app) : AssignKeyTests(app);
}
