using System.Net;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Keys;

/// <summary>Several keys at once: all of them, or none.</summary>
public abstract class BulkKeyTests(SharedApp shared) : AppTests(shared)
{
    [Fact]
    public async Task Keys_are_assigned_to_more_workspaces_and_keep_those_they_have()
    {
        var (first, second) = ((await Admin.AddWorkspaceAsync()).Id(), (await Admin.AddWorkspaceAsync()).Id());
        var (one, other) = (await Admin.AddKeyToAsync(first), await Admin.AddKeyToAsync(second));
        var body = new { key_ids = new[] { one, other }, workspace_ids = new[] { second } };

        await (await Admin.PostAsync("/api/v1/keys/assign", new { body.key_ids, workspace_ids = new[] { second, Guid.NewGuid() } })).ProblemAsync(HttpStatusCode.BadRequest, "invalid", "workspace_ids");
        await (await Admin.PostAsync("/api/v1/keys/assign", new { key_ids = new[] { one, Guid.NewGuid() }, body.workspace_ids })).ProblemAsync(HttpStatusCode.BadRequest, "invalid", "key_ids");
        Assert.Equal([first], Workspaces(await Admin.ReadAsync($"/api/v1/keys/{one}")));

        Assert.Equal(1, (await (await Admin.PostAsync("/api/v1/keys/assign", body)).ReadAsync()).GetProperty("changed").GetInt32());
        Assert.Equal(new[] { first, second }.Order(), Workspaces(await Admin.ReadAsync($"/api/v1/keys/{one}")).Order());
        Assert.Equal([second], Workspaces(await Admin.ReadAsync($"/api/v1/keys/{other}")));
        Assert.Equal(0, (await (await Admin.PostAsync("/api/v1/keys/assign", body)).ReadAsync()).GetProperty("changed").GetInt32());
        Assert.Single(await Admin.ActivityOfAsync(one), entry => entry.Text("action") == "key_assigned");
    }

    [Fact]
    public async Task One_key_in_use_keeps_all_from_being_disabled_until_that_is_confirmed()
    {
        var workspace = await Admin.AddWorkspaceInAsync(Arranged.WithFallback);
        var (used, unused) = (await Admin.AddKeyToAsync(workspace), (await Admin.AddKeyAsync()).Id());
        var agent = await Admin.AddAgentAsync(workspace, ("selected_tts_key_id", used));
        Guid[] both = [unused, used];

        var problem = await (await Admin.PostAsync("/api/v1/keys/disable", new { key_ids = both })).ProblemAsync(HttpStatusCode.Conflict, "key_in_use");
        Assert.Equal(agent.Id(), problem.GetProperty("agents").EnumerateArray().Single().Id());
        foreach (var key in both) Assert.Equal("active", (await Admin.ReadAsync($"/api/v1/keys/{key}")).Text("status"));

        Assert.Equal(2, (await (await Admin.PostAsync("/api/v1/keys/disable", new { key_ids = both, confirm = true })).ReadAsync()).GetProperty("changed").GetInt32());
        foreach (var key in both) Assert.Equal("disabled", (await Admin.ReadAsync($"/api/v1/keys/{key}")).Text("status"));
        Assert.Equal(0, (await (await Admin.PostAsync("/api/v1/keys/disable", new { key_ids = both, confirm = true })).ReadAsync()).GetProperty("changed").GetInt32());
    }

    private static IEnumerable<Guid> Workspaces(System.Text.Json.JsonElement key) => key.GetProperty("workspace_ids").EnumerateArray().Select(id => id.GetGuid());

    public sealed class OnSqlite(SqliteApp app) : BulkKeyTests(app);

    public sealed class OnPostgreSql(PostgreSqlApp app) : BulkKeyTests(app);

    public sealed class OnSqlServer(SqlServerApp app) : BulkKeyTests(app);
}
