using System.Net;
using System.Text.Json;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.LegacyKeys;

/// <summary>Option A: one agent's raw key becomes a key that nobody saw, and others that hold it are linked.</summary>
public abstract class MakeKeyTests(SharedApp shared) : AppTests(shared)
{
    [Fact]
    public async Task The_form_preselects_the_matching_key_says_so_and_saving_stores_the_reference()
    {
        var (workspace, value, agent) = await HeldAsync();
        var key = await Admin.AddKeyToAsync(workspace, "tts", value);
        await Admin.SetPhaseAsync(workspace, Arranged.WithFallback);

        var page = await PageAsync($"/agents/{agent.Id()}");

        Assert.Contains($"Matches your raw key ...{value[^4..]}, so it is picked already.", page, StringComparison.Ordinal);
        Assert.Contains($"<option value=\"{key}\" selected=\"selected\">", page, StringComparison.Ordinal);
        Assert.DoesNotContain("make-key", page, StringComparison.Ordinal);
        await PostAsync($"/agents/{agent.Id()}", HttpStatusCode.Redirect, ("name", agent.Text("name")), ("version", "1"), ("selected_tts_key_id", key.ToString()));
        Assert.Equal((value, "reference"), await AnswerAsync(agent.Id()));
        Assert.Contains($"back to raw key ...{value[^4..]}", await PageAsync($"/agents/{agent.Id()}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Arranged.DirectKeys)]
    [InlineData(Arranged.WithFallback)]
    public async Task A_key_made_on_the_page_links_those_of_the_workspace_that_hold_the_same_value(string phase)
    {
        var (workspace, value, agent) = await HeldAsync();
        var (same, elsewhere) = ((await Admin.AddAgentAsync(workspace, ("tts_key", value))).Id(), await HeldAsync(value));
        Guid[] others =
        [
            (await Admin.AddAgentAsync(workspace, ("tts_key", value.ToUpperInvariant()))).Id(),
            (await Admin.AddAgentAsync(workspace, ("tts_key", $"{value} "))).Id(),
            (await Admin.AddAgentAsync(workspace, ("stt_key", value))).Id(),
            elsewhere.Agent.Id(),
        ];
        await Admin.SetPhaseAsync(workspace, phase);
        var address = $"/agents/{agent.Id()}/keys/tts/make-key";
        Assert.Contains(address, await PageAsync($"/agents/{agent.Id()}"), StringComparison.Ordinal);
        var page = await PageAsync(address);
        Assert.Contains("2 agents of ", page, StringComparison.Ordinal);
        Assert.Contains("3 agents in 2 workspaces", page, StringComparison.Ordinal);
        Assert.DoesNotContain(value, page, StringComparison.Ordinal);

        var name = Fresh.Name("Made");
        await PostAsync(address, HttpStatusCode.Redirect, ("name", name), ("link", "workspace"));

        var key = (await Admin.ReadAsync($"/api/v1/keys?search={Uri.EscapeDataString(name)}")).Items().Single();
        Assert.Equal(("tts", value[^4..], 2), (key.Text("kind"), key.Text("last4"), key.GetProperty("agent_count").GetInt32()));
        Assert.Equal([workspace], key.GetProperty("workspace_ids").EnumerateArray().Select(id => id.GetGuid()));
        foreach (var other in others) Assert.Equal(JsonValueKind.Null, (await Admin.ReadAsync($"/api/v1/agents/{other}")).GetProperty("selected_tts_key_id").ValueKind);
        Assert.Equal(["agents_linked", "key_created"], (await Admin.ActivityOfAsync(key.Id())).Select(entry => entry.Text("action")));
        await Admin.SetPhaseAsync(workspace, Arranged.ReferencesOnly);
        foreach (var linked in new[] { agent.Id(), same }) Assert.Equal((value, "reference"), await AnswerAsync(linked));
    }

    [Fact]
    public async Task Over_all_workspaces_it_is_assigned_where_it_links_and_leaves_out_those_in_references_only()
    {
        var (workspace, value, agent) = await HeldAsync();
        var (other, closed) = (await HeldAsync(value), await HeldAsync(value));
        await Admin.SetPhaseAsync(closed.Workspace, Arranged.ReferencesOnly);

        var offer = await Admin.ReadAsync(Address(agent));
        Assert.Equal((1, 2, 2), (offer.GetProperty("in_workspace").GetInt32(), offer.GetProperty("in_all_workspaces").GetInt32(), offer.GetProperty("workspaces").GetInt32()));
        var made = await (await Admin.PostAsync(Address(agent), new { name = Fresh.Name("Made"), link = "all_workspaces" })).ReadAsync(HttpStatusCode.Created);

        Assert.Equal((2, 2), (made.GetProperty("linked").GetInt32(), made.GetProperty("assigned").GetInt32()));
        var key = await Admin.ReadAsync($"/api/v1/keys/{made.Id("key_id")}");
        Assert.Equal(new[] { workspace, other.Workspace }.Order(), key.GetProperty("workspace_ids").EnumerateArray().Select(id => id.GetGuid()).Order());
        Assert.Equal(JsonValueKind.Null, (await Admin.ReadAsync($"/api/v1/agents/{closed.Agent.Id()}")).GetProperty("selected_tts_key_id").ValueKind);
    }

    [Fact]
    public async Task Where_a_key_has_the_value_already_that_one_is_used()
    {
        var (workspace, value, agent) = await HeldAsync();
        var there = await Admin.AddKeyAsync("tts", value);

        var problem = await (await Admin.PostAsync(Address(agent), new { name = Fresh.Name("Twin") })).ProblemAsync(HttpStatusCode.Conflict, "key_exists");
        Assert.Equal(there.Id(), problem.Id("key_id"));
        Assert.Contains($"Use the matching key {there.Text("name")}", await PageAsync($"/agents/{agent.Id()}/keys/tts/make-key"), StringComparison.Ordinal);
        await (await Admin.PostAsync(Address(agent), new { key_id = await Admin.AddKeyToAsync(workspace) })).ProblemAsync(HttpStatusCode.BadRequest, "invalid", "key_id");

        var used = await (await Admin.PostAsync(Address(agent), new { key_id = there.Id() })).ReadAsync();
        Assert.Equal((there.Id(), false, 1, 1), (used.Id("key_id"), used.GetProperty("created").GetBoolean(), used.GetProperty("linked").GetInt32(), used.GetProperty("assigned").GetInt32()));
        await (await Admin.PostAsync(Address(agent), new { name = Fresh.Name("Late") })).ProblemAsync(HttpStatusCode.Conflict, "already_referenced");
    }

    [Fact]
    public async Task A_value_that_looks_wrong_is_confirmed_and_kept_byte_for_byte()
    {
        var value = $"Bearer {Fresh.Value()}  ";
        var (workspace, _, agent) = await HeldAsync(value);

        Assert.Equal(["surrounding_blanks", "scheme_prefix"], (await Admin.ReadAsync(Address(agent))).GetProperty("findings").EnumerateArray().Select(finding => finding.GetString()));
        var name = Fresh.Name("Padded");
        await (await Admin.PostAsync(Address(agent), new { name })).ProblemAsync(HttpStatusCode.BadRequest, "invalid", "confirm");
        await PostAsync($"/agents/{agent.Id()}/keys/tts/make-key", HttpStatusCode.BadRequest, ("name", name));
        (await App.CliAsync("agents", "make-key", agent.Id().ToString(), "tts", "--name", name)).Expect(2);
        (await App.CliAsync("agents", "make-key", agent.Id().ToString(), "tts", "--name", name, "--confirm")).Expect(0);

        await Admin.SetPhaseAsync(workspace, Arranged.ReferencesOnly);
        Assert.Equal((value, "reference"), await AnswerAsync(agent.Id()));
    }

    [Fact]
    public async Task There_must_be_a_raw_key_that_is_read()
    {
        var (workspace, _, agent) = await HeldAsync();
        var key = await Admin.AddKeyToAsync(workspace, "stt");
        await App.Database.SetLegacyAsync(agent.Id(), "stt", key.ToString());

        await (await Admin.GetAsync(Address(agent, "elevenlabs"))).ProblemAsync(HttpStatusCode.Conflict, "no_legacy_key");
        await (await Admin.PostAsync(Address(agent, "stt"), new { name = Fresh.Name("Id") })).ProblemAsync(HttpStatusCode.Conflict, "names_key");
        await (await Admin.GetAsync(Address(agent, "nothing"))).ProblemAsync(HttpStatusCode.NotFound, "not_found");
        await Admin.SetPhaseAsync(workspace, Arranged.ReferencesOnly);
        await (await Admin.PostAsync(Address(agent), new { name = Fresh.Name("Late") })).ProblemAsync(HttpStatusCode.Conflict, "legacy_not_read");
    }

    private static string Address(JsonElement agent, string kind = "tts") => $"/api/v1/agents/{agent.Id()}/keys/{kind}/make-key";

    private async Task<(Guid Workspace, string Value, JsonElement Agent)> HeldAsync(string? value = null)
    {
        var (workspace, held) = (await Admin.AddWorkspaceInAsync(Arranged.DirectKeys), value ?? $"sk-lower-{Guid.NewGuid():N}");
        return (workspace, held, await Admin.AddAgentAsync(workspace, ("tts_key", held)));
    }

    private async Task<string> PageAsync(string path)
    {
        await App.Database.OpenPanelAsync();
        return WebUtility.HtmlDecode(await (await Admin.GetAsync(path)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private async Task PostAsync(string path, HttpStatusCode expected, params (string Name, string Value)[] fields)
    {
        await App.Database.OpenPanelAsync();
        using var form = new FormUrlEncodedContent(fields.ToDictionary(field => field.Name, field => field.Value));
        using var answer = await Admin.Http.PostAsync(path, form, TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == expected, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private async Task<(string, string)> AnswerAsync(Guid agent)
    {
        var answer = await (await Resolver.ResolveAsync(agent)).ReadAsync();
        return (answer.Text("value"), answer.Text("source"));
    }

    public sealed class OnSqlite(SqliteApp app) : MakeKeyTests(app);

    public sealed class OnPostgreSql(PostgreSqlApp app) : MakeKeyTests(app);

    public sealed class OnSqlServer(SqlServerApp app) : MakeKeyTests(app);
}
