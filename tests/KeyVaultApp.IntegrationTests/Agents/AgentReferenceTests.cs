using System.Net;
using System.Text.Json;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Agents;

/// <summary>What a reference may name when it is saved, in every phase.</summary>
public abstract class AgentReferenceTests(SharedApp shared) : AppTests(shared)
{
    [Theory]
    [InlineData(Arranged.DirectKeys)]
    [InlineData(Arranged.WithFallback)]
    [InlineData(Arranged.ReferencesOnly)]
    public async Task A_key_of_the_workspace_is_stored_and_shown(string phase)
    {
        var workspace = await Admin.AddWorkspaceInAsync(phase);
        var keys = new Dictionary<string, Guid>(StringComparer.Ordinal);
        foreach (var kind in Arranged.Kinds) keys[kind] = await Admin.AddKeyToAsync(workspace, kind);

        var agent = await Admin.AddAgentAsync(workspace, [.. keys.Select(key => ($"selected_{key.Key}_key_id", (object?)key.Value))]);

        foreach (var (kind, key) in keys)
        {
            Assert.Equal(key, agent.Id($"selected_{kind}_key_id"));
            // Direct keys ignore references, so there the slot has nothing.
            Assert.Equal(phase == Arranged.DirectKeys ? "none" : "reference", agent.Slot(kind).Text("state"));
        }
    }

    [Fact]
    public async Task A_key_of_another_kind_is_refused()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();

        await RefusedAsync(workspace, await Admin.AddKeyToAsync(workspace, "stt"), HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_disabled_key_is_refused()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var key = await Admin.AddKeyToAsync(workspace);
        await (await Admin.PostAsync($"/api/v1/keys/{key}/disable", new { })).ReadAsync();

        await RefusedAsync(workspace, key, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task An_expired_key_is_refused()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var key = await Admin.AddKeyToAsync(workspace);
        await (await Admin.PatchAsync($"/api/v1/keys/{key}", new { expires_at = "2020-01-01T00:00:00Z", version = 1 })).ReadAsync();

        await RefusedAsync(workspace, key, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_key_of_another_workspace_and_one_that_never_was_read_the_same()
    {
        var (workspace, elsewhere) = ((await Admin.AddWorkspaceAsync()).Id(), (await Admin.AddWorkspaceAsync()).Id());

        var foreign = await RefusedAsync(workspace, await Admin.AddKeyToAsync(elsewhere), HttpStatusCode.NotFound);
        var unknown = await RefusedAsync(workspace, Guid.NewGuid(), HttpStatusCode.NotFound);

        Assert.Equal(unknown.Text("detail"), foreign.Text("detail"));
    }

    [Fact]
    public async Task A_deleted_key_is_refused()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var key = await Admin.AddKeyToAsync(workspace);
        await (await Admin.DeleteAsync($"/api/v1/keys/{key}")).ReadAsync(HttpStatusCode.NoContent);

        await RefusedAsync(workspace, key, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_reference_that_stays_is_not_questioned()
    {
        var workspace = await Admin.AddWorkspaceInAsync(Arranged.WithFallback);
        var key = await Admin.AddKeyToAsync(workspace);
        var agent = await Admin.AddAgentAsync(workspace, ("selected_tts_key_id", key));
        await (await Admin.PostAsync($"/api/v1/keys/{key}/disable", new { confirm = true })).ReadAsync();

        var renamed = await (await Admin.PutAgentAsync(agent, ("name", Unique("Renamed")), ("selected_tts_key_id", key))).ReadAsync();

        Assert.Equal(key, renamed.Id("selected_tts_key_id"));
        Assert.Equal(("broken", "disabled"), (renamed.Slot("tts").Text("state"), renamed.Slot("tts").Text("reason")));
    }

    [Fact]
    public async Task A_key_cannot_be_deleted_between_being_picked_and_being_saved()
    {
        var workspace = await Admin.AddWorkspaceInAsync(Arranged.WithFallback);
        for (var round = 0; round < 5; round++)
        {
            var key = await Admin.AddKeyToAsync(workspace);
            var saving = Enumerable.Range(0, 3).Select(_ => Admin.PostAgentAsync(workspace, ("selected_tts_key_id", key)));
            var answers = await Task.WhenAll([.. saving, Admin.DeleteAsync($"/api/v1/keys/{key}")]);

            var saved = answers[..^1].Count(answer => answer.StatusCode == HttpStatusCode.Created);
            Assert.Equal(saved == 0 ? HttpStatusCode.NoContent : HttpStatusCode.Conflict, answers[^1].StatusCode);
            Assert.All(answers[..^1], answer => Assert.True(answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.NotFound));
        }
    }

    /// <summary>Refused where it is new, and where it would replace what an agent has; a key that fits is taken by the same requests.</summary>
    private async Task<JsonElement> RefusedAsync(Guid workspace, Guid key, HttpStatusCode status)
    {
        var good = await Admin.AddKeyToAsync(workspace);
        var agent = await Admin.AddAgentAsync(workspace, ("selected_tts_key_id", good));

        var before = await TotalAsync(workspace);
        await (await Admin.PostAgentAsync(workspace, ("selected_tts_key_id", key))).ProblemAsync(status, field: "selected_tts_key_id");
        var problem = await (await Admin.PutAgentAsync(agent, ("selected_tts_key_id", key))).ProblemAsync(status, field: "selected_tts_key_id");

        Assert.Equal(before, await TotalAsync(workspace));
        var unchanged = await Admin.ReadAsync($"/api/v1/agents/{agent.Id()}");
        Assert.Equal((good, agent.Version()), (unchanged.Id("selected_tts_key_id"), unchanged.Version()));
        return problem;
    }

    private async Task<int> TotalAsync(Guid workspace) => (await Admin.ReadAsync($"/api/v1/workspaces/{workspace}/agents")).GetProperty("total").GetInt32();

    public sealed class OnSqlite(SqliteApp app) : AgentReferenceTests(app);

    public sealed class OnPostgreSql(PostgreSqlApp app) : AgentReferenceTests(app);

    public sealed class OnSqlServer(SqlServerApp app) : AgentReferenceTests(app);
}
