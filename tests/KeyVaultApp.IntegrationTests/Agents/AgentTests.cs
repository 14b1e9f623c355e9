using System.Net;
using System.Text.Json;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Agents;

public abstract class AgentTests(SharedApp shared) : AppTests(shared)
{
    [Fact]
    public async Task Creating_answers_with_the_row_and_its_address()
    {
        var workspace = await Admin.AddWorkspaceAsync();
        var (name, external) = (Unique("مساعد 🤖"), Unique("crm"));
        var answer = await Admin.PostAgentAsync(workspace.Id(), ("name", $" {name} "), ("external_id", external));

        var row = await answer.ReadAsync(HttpStatusCode.Created);
        Assert.Equal($"/api/v1/agents/{row.Id()}", answer.Headers.Location?.OriginalString);
        Assert.Equal((name, external, workspace.Id(), workspace.Text("name")), (row.Text("name"), row.Text("external_id"), row.Id("workspace_id"), row.Text("workspace_name")));
        Assert.All(Arranged.Kinds, kind => Assert.Equal("none", row.Slot(kind).Text("state")));
        Assert.Equal(row.GetRawText(), (await Admin.ReadAsync($"/api/v1/agents/{row.Id()}")).GetRawText());
    }

    [Fact]
    public async Task Omitted_members_of_a_change_are_cleared()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var key = await Admin.AddKeyToAsync(workspace);
        var agent = await Admin.AddAgentAsync(workspace, ("external_id", Unique("e")), ("selected_tts_key_id", key));

        var changed = await (await Admin.PutAgentAsync(agent)).ReadAsync();

        Assert.Equal(JsonValueKind.Null, changed.GetProperty("external_id").ValueKind);
        Assert.Equal(JsonValueKind.Null, changed.GetProperty("selected_tts_key_id").ValueKind);
        Assert.Equal(agent.Version() + 1, changed.Version());
    }

    [Fact]
    public async Task A_stale_version_changes_nothing()
    {
        var agent = await Admin.AddAgentAsync((await Admin.AddWorkspaceAsync()).Id());
        var name = Unique("Renamed");
        await (await Admin.PutAgentAsync(agent, ("name", name))).ReadAsync();

        await (await Admin.PutAgentAsync(agent, ("name", "Lost"))).ProblemAsync(HttpStatusCode.Conflict, "stale_version", "version");

        Assert.Equal(name, (await Admin.ReadAsync($"/api/v1/agents/{agent.Id()}")).Text("name"));
    }

    [Fact]
    public async Task An_external_id_is_unique_in_its_workspace_to_the_letter()
    {
        var (workspace, elsewhere) = ((await Admin.AddWorkspaceAsync()).Id(), (await Admin.AddWorkspaceAsync()).Id());
        var external = Unique("Crm");
        await Admin.AddAgentAsync(workspace, ("external_id", external));
        var other = await Admin.AddAgentAsync(workspace, ("external_id", external.ToUpperInvariant()));

        await (await Admin.PostAgentAsync(workspace, ("external_id", external))).ProblemAsync(HttpStatusCode.Conflict, "external_id_taken", "external_id");
        await (await Admin.PutAgentAsync(other, ("external_id", external))).ProblemAsync(HttpStatusCode.Conflict, "external_id_taken", "external_id");

        await Admin.AddAgentAsync(elsewhere, ("external_id", external));
        Assert.Equal(2, (await Admin.ReadAsync($"/api/v1/workspaces/{workspace}/agents")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Any_number_of_agents_may_have_no_external_id()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();

        foreach (var blank in new[] { null, "", "   " })
            Assert.Equal(JsonValueKind.Null, (await Admin.AddAgentAsync(workspace, ("external_id", blank))).GetProperty("external_id").ValueKind);
    }

    [Fact]
    public async Task A_deleted_agent_is_gone()
    {
        var agent = (await Admin.AddAgentAsync((await Admin.AddWorkspaceAsync()).Id())).Id();

        await (await Admin.DeleteAsync($"/api/v1/agents/{agent}")).ReadAsync(HttpStatusCode.NoContent);

        await (await Admin.GetAsync($"/api/v1/agents/{agent}")).ProblemAsync(HttpStatusCode.NotFound, "not_found");
        await (await Admin.DeleteAsync($"/api/v1/agents/{agent}")).ProblemAsync(HttpStatusCode.NotFound, "not_found");
        await (await Resolver.ResolveAsync(agent)).ProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task The_list_is_of_one_workspace_searched_sorted_and_paged()
    {
        var (workspace, elsewhere) = ((await Admin.AddWorkspaceAsync()).Id(), (await Admin.AddWorkspaceAsync()).Id());
        var external = Unique("crm");
        foreach (var (name, id) in new[] { ("b Clerk", null), ("C Clerk", external), ("a Guide", null) })
            await Admin.AddAgentAsync(workspace, ("name", name), ("external_id", id));
        await Admin.AddAgentAsync(elsewhere, ("name", "d Clerk"));

        async Task<string[]> NamesAsync(string query) =>
            [.. (await Admin.ReadAsync($"/api/v1/workspaces/{workspace}/agents?{query}")).Items().Select(row => row.Text("name")[..1])];

        Assert.Equal(["a", "b", "C"], await NamesAsync(""));
        Assert.Equal(["C", "b", "a"], await NamesAsync("sort=-name"));
        Assert.Equal(["b", "C"], await NamesAsync("search=CLERK"));
        Assert.Equal(["C"], await NamesAsync($"search={external}"));
        Assert.Empty(await NamesAsync($"search={external[..^1]}"));
        Assert.Equal(["C"], await NamesAsync("page=2&page_size=2"));
        await (await Admin.GetAsync($"/api/v1/workspaces/{Guid.NewGuid()}/agents")).ProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Items_are_like_the_single_row()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var agent = await Admin.AddAgentAsync(workspace, ("selected_stt_key_id", await Admin.AddKeyToAsync(workspace, "stt")));

        Assert.Equal(agent.GetRawText(), (await Admin.ReadAsync($"/api/v1/workspaces/{workspace}/agents")).Items().Single().GetRawText());
    }

    [Fact]
    public async Task Ties_are_broken_by_id()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        for (var i = 0; i < 5; i++) await Admin.AddAgentAsync(workspace, ("name", "Same"));

        var paged = new List<string>();
        for (var page = 1; page <= 3; page++)
            paged.AddRange((await Admin.ReadAsync($"/api/v1/workspaces/{workspace}/agents?page_size=2&page={page}")).Items().Select(row => row.Text("id")));

        Assert.Equal(5, paged.Distinct().Count());
        Assert.Equal(paged.Order(StringComparer.Ordinal), paged);
    }

    public sealed class OnSqlite(SqliteApp app) : AgentTests(app);

    public sealed class OnPostgreSql(PostgreSqlApp app) : AgentTests(app);

    public sealed class OnSqlServer(SqlServerApp app) : AgentTests(app);
}
