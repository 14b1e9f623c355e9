using System.Net;
using System.Text.Json;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.KeyResolution;

public abstract class ResolveTests(SharedApp shared) : AppTests(shared)
{
    [Fact]
    public async Task A_reference_is_told_with_its_key_provider_region_and_version()
    {
        var workspace = await Admin.AddWorkspaceInAsync(Arranged.WithFallback);
        var key = await Admin.AddKeyAsync(workspaces: workspace);
        await (await Admin.PostAsync($"/api/v1/keys/{key.Id()}/versions", new { value = Fresh.Value(), provider = "azure-speech", region = "westeurope", version = 1, skip_test = true })).ReadAsync(HttpStatusCode.Created);
        var agent = (await Admin.AddAgentAsync(workspace, ("selected_tts_key_id", key.Id()))).Id();

        var json = await (await Resolver.ResolveAsync(agent)).ReadAsync();

        Assert.Equal(("reference", "azure-speech", "westeurope", key.Text("name"), 2),
            (json.Text("source"), json.Text("provider"), json.Text("region"), json.Text("key_name"), json.GetProperty("key_version").GetInt32()));
    }

    [Fact]
    public async Task A_raw_key_is_told_with_nothing_that_it_does_not_have()
    {
        var agent = (await Admin.AddAgentAsync(await Admin.AddWorkspaceInAsync(Arranged.DirectKeys), ("tts_key", Fresh.Value()))).Id();

        var json = await (await Resolver.ResolveAsync(agent)).ReadAsync();

        Assert.Equal("legacy", json.Text("source"));
        Assert.All(["provider", "region", "key_id", "key_name", "key_version"], member =>
            Assert.True(!json.TryGetProperty(member, out var found) || found.ValueKind == JsonValueKind.Null));
    }

    [Fact]
    public async Task Answers_are_not_stored_by_anybody()
    {
        var agent = (await Admin.AddAgentAsync(await Admin.AddWorkspaceInAsync(Arranged.DirectKeys), ("tts_key", Fresh.Value()))).Id();

        var answer = await Resolver.ResolveAsync(agent);

        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData("voice")]
    [InlineData("TTS")]
    [InlineData("1")]
    public async Task A_kind_that_there_is_not_is_refused_by_name(string kind)
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var agent = await Admin.AddAgentAsync(workspace, ("external_id", Unique("e")));

        await (await Resolver.ResolveAsync(agent.Id(), kind)).ProblemAsync(HttpStatusCode.BadRequest, "invalid", "kind");
        await (await Resolver.GetAsync($"/api/v1/workspaces/{workspace}/agents/by-external-id/{agent.Text("external_id")}/keys/{kind}"))
            .ProblemAsync(HttpStatusCode.BadRequest, "invalid", "kind");
        await (await Resolver.GetAsync($"/api/v1/agents/{agent.Id()}/keys/{kind}/explain")).ProblemAsync(HttpStatusCode.BadRequest, "invalid", "kind");
    }

    [Fact]
    public async Task An_agent_that_there_is_not_is_not_found()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var elsewhere = (await Admin.AddWorkspaceAsync()).Id();
        var external = Unique("Crm");
        await Admin.AddAgentAsync(workspace, ("external_id", external), ("tts_key", Fresh.Value()));
        string ByExternalId(Guid id, string name) => $"/api/v1/workspaces/{id}/agents/by-external-id/{name}/keys/tts";

        await (await Resolver.ResolveAsync(Guid.NewGuid())).ProblemAsync(HttpStatusCode.NotFound, "not_found");
        await (await Resolver.GetAsync(ByExternalId(elsewhere, external))).ProblemAsync(HttpStatusCode.NotFound, "not_found");
        await (await Resolver.GetAsync(ByExternalId(workspace, external.ToUpperInvariant()))).ProblemAsync(HttpStatusCode.NotFound, "not_found");
        await (await Resolver.GetAsync(ByExternalId(workspace, external))).ReadAsync();
    }

    [Fact]
    public async Task A_reference_that_does_not_resolve_never_falls_back_to_the_old_key()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var key = await Admin.AddKeyToAsync(workspace);
        var agent = (await Admin.AddAgentAsync(workspace, ("tts_key", Fresh.Value()), ("selected_tts_key_id", key))).Id();
        await Admin.SetPhaseAsync(workspace, Arranged.WithFallback);
        await (await Admin.PostAsync($"/api/v1/keys/{key}/disable", new { confirm = true })).ReadAsync();

        var problem = await (await Resolver.ResolveAsync(agent)).ProblemAsync(HttpStatusCode.Conflict, "key_unavailable");

        Assert.Equal(("disabled", key), (problem.Text("reason"), problem.Id("key_id")));
    }

    [Fact]
    public async Task One_unreadable_value_breaks_no_list_and_no_other_slot()
    {
        var workspace = await Admin.AddWorkspaceInAsync(Arranged.ReferencesOnly);
        var (broken, value) = (await Admin.AddKeyToAsync(workspace), Fresh.Value());
        var good = await Admin.AddKeyToAsync(workspace, "stt", value);
        var agent = (await Admin.AddAgentAsync(workspace, ("selected_tts_key_id", broken), ("selected_stt_key_id", good))).Id();
        await App.Database.BreakAsync(broken);

        var slots = await Resolver.ReadAsync($"/api/v1/agents/{agent}/keys");
        Assert.Equal(("key_unavailable", "unreadable"), (slots.Slot("tts").Text("code"), slots.Slot("tts").Text("reason")));
        Assert.Equal(value, slots.Slot("stt").Text("value"));
        Assert.Equal(JsonValueKind.Null, slots.Slot("tts").GetProperty("value").ValueKind);
        foreach (var list in new[] { $"/api/v1/keys?workspace_id={workspace}", $"/api/v1/keys/{broken}/versions", $"/workspaces/{workspace}/api-keys", $"/api/v1/workspaces/{workspace}/agents" })
            Assert.Contains(list.Contains("versions", StringComparison.Ordinal) ? "fingerprint" : broken.ToString(), (await Admin.ReadAsync(list)).GetRawText(), StringComparison.Ordinal);

        await (await Admin.PostAsync($"/api/v1/keys/{broken}/versions", new { value, version = 1 })).ReadAsync(HttpStatusCode.Created);
        Assert.Equal(value, await Resolver.ResolvedValueAsync(agent));
    }

    [Fact]
    public async Task A_sealed_value_that_is_moved_to_another_row_does_not_open()
    {
        var workspace = await Admin.AddWorkspaceInAsync(Arranged.ReferencesOnly);
        var (mine, theirs) = (await Admin.AddKeyToAsync(workspace), await Admin.AddKeyToAsync(workspace));
        var agent = (await Admin.AddAgentAsync(workspace, ("selected_tts_key_id", mine))).Id();
        await Resolver.ResolvedValueAsync(agent);

        await App.Database.ExecuteAsync($"UPDATE api_key_versions SET sealed = (SELECT other.sealed FROM api_key_versions other WHERE other.key_id = {theirs}) WHERE key_id = {mine}");

        Assert.Equal("unreadable", (await (await Resolver.ResolveAsync(agent)).ProblemAsync(HttpStatusCode.Conflict, "key_unavailable")).Text("reason"));
    }

    public sealed class OnSqlite(SqliteApp app) : ResolveTests(app);

    public sealed class OnPostgreSql(PostgreSqlApp app) : ResolveTests(app);

    public sealed class OnSqlServer(SqlServerApp app) : ResolveTests(app);
}
