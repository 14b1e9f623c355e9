using System.Net;
using System.Text.Json;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Rollout;

/// <summary>What a switch would change, told before it is made.</summary>
public abstract class PreflightTests(SharedApp shared) : AppTests(shared)
{
    [Fact]
    public async Task Forward_it_names_references_that_do_not_resolve_or_are_another_value()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var (same, other) = (Fresh.Value(), Fresh.Value());
        var (good, stopped) = (await Admin.AddKeyToAsync(workspace, "tts", same), await Admin.AddKeyToAsync(workspace, "stt", same));
        await Admin.AddAgentAsync(workspace, ("tts_key", same), ("selected_tts_key_id", good));
        await Admin.AddAgentAsync(workspace, ("tts_key", other));
        var changes = (await Admin.AddAgentAsync(workspace, ("tts_key", other), ("selected_tts_key_id", good), ("stt_key", same), ("selected_stt_key_id", stopped))).Id();
        await (await Admin.PostAsync($"/api/v1/keys/{stopped}/disable", new { confirm = true })).ReadAsync();

        var found = await PreflightAsync(workspace, Arranged.WithFallback);

        Assert.Equal((Arranged.DirectKeys, Arranged.WithFallback, 1), (found.Text("phase_now"), found.Text("phase"), found.GetProperty("total").GetInt32()));
        var agent = Assert.Single(found.GetProperty("agents").EnumerateArray());
        Assert.Equal(changes, agent.Id());
        Assert.Equal([("tts", "other_value"), ("stt", "reference_unavailable")], Slots(agent));
        var slots = agent.GetProperty("slots");
        Assert.Equal(("legacy", other[^4..]), (slots[0].GetProperty("before").Text("source"), slots[0].GetProperty("before").Text("last4")));
        Assert.Equal((good, same[^4..]), (slots[0].GetProperty("after").Id("key_id"), slots[0].GetProperty("after").Text("last4")));
        Assert.Equal(("key_unavailable", "disabled"), (slots[1].GetProperty("after").Text("code"), slots[1].GetProperty("after").Text("reason")));
        Assert.Equal([("tts", "other_value", 1), ("stt", "reference_unavailable", 1)], found.GetProperty("slots").EnumerateArray()
            .Select(count => (count.Text("kind"), count.Text("reason"), count.GetProperty("slots").GetInt32())));
        Assert.Null((await Admin.ReadAsync($"/api/v1/workspaces/{workspace}")).Text("phase"));
    }

    [Fact]
    public async Task To_references_only_it_also_names_slots_without_a_reference()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var agent = (await Admin.AddAgentAsync(workspace, ("tts_key", Fresh.Value()))).Id();

        Assert.Equal(0, (await PreflightAsync(workspace, Arranged.WithFallback)).GetProperty("total").GetInt32());
        var found = Assert.Single((await PreflightAsync(workspace, Arranged.ReferencesOnly)).GetProperty("agents").EnumerateArray());

        Assert.Equal(agent, found.Id());
        Assert.Equal([("tts", "no_reference")], Slots(found));
        Assert.Equal("not_configured", found.GetProperty("slots")[0].GetProperty("after").Text("code"));
    }

    [Fact]
    public async Task Back_it_names_old_columns_that_are_empty_or_out_of_date()
    {
        var workspace = await Admin.AddWorkspaceInAsync(Arranged.DirectKeys);
        var (value, rotated) = (Fresh.Value(), Fresh.Value());
        var key = await Admin.AddKeyToAsync(workspace, "tts", value);
        var before = await Admin.AddAgentAsync(workspace, ("tts_key", value), ("selected_tts_key_id", key));
        var picked = await Admin.AddAgentAsync(workspace, ("tts_key", Fresh.Value()), ("selected_tts_key_id", key));
        await Admin.SetPhaseAsync(workspace, Arranged.WithFallback);
        var made = await Admin.AddAgentAsync(workspace, ("selected_tts_key_id", key));
        await (await Admin.PostAsync($"/api/v1/keys/{key}/versions", new { value = rotated, version = 1 })).ReadAsync(HttpStatusCode.Created);

        var reasons = (await PreflightAsync(workspace, Arranged.DirectKeys)).GetProperty("agents").EnumerateArray().ToDictionary(agent => agent.Id(), agent => Slots(agent).Single());

        Assert.Equal(
            new Dictionary<Guid, (string, string)> { [before.Id()] = ("tts", "replaced_since"), [picked.Id()] = ("tts", "other_key_picked"), [made.Id()] = ("tts", "no_legacy_value") }, reasons);
        await Admin.SetPhaseAsync(workspace, Arranged.ReferencesOnly);
        await (await Admin.PutAgentAsync(await Admin.ReadAsync($"/api/v1/agents/{picked.Id()}"))).ReadAsync();
        var resolves = Assert.Single((await PreflightAsync(workspace, Arranged.WithFallback)).GetProperty("agents").EnumerateArray());
        Assert.Equal(picked.Id(), resolves.Id());
        Assert.Equal([("tts", "would_resolve")], Slots(resolves));
    }

    [Fact]
    public async Task Forward_it_tells_how_many_distinct_legacy_keys_have_an_assigned_key_and_warns()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var value = $"sk-lower-{Guid.NewGuid():N}";
        foreach (var held in new[] { value, value, value.ToUpperInvariant(), $"{value} " }) await App.Database.SetLegacyAsync((await Admin.AddAgentAsync(workspace)).Id(), "tts", held);
        var elsewhere = await Admin.AddKeyAsync("tts", value);

        var lacking = await PreflightAsync(workspace, Arranged.WithFallback);
        Assert.Equal([("tts", 3, 0)], Covered(lacking));
        Assert.Contains("3 of 3 distinct legacy keys", Assert.Single(lacking.GetProperty("warnings").EnumerateArray()).GetString(), StringComparison.Ordinal);

        await (await Admin.PutAsync($"/api/v1/keys/{elsewhere.Id()}/workspaces", new { workspace_ids = new[] { workspace }, version = 1 })).ReadAsync();
        Assert.Equal([("tts", 3, 1)], Covered(await PreflightAsync(workspace, Arranged.WithFallback)));

        // An id in an old column is covered by the key it names.
        await App.Database.ExecuteAsync($"UPDATE agents SET tts_key = {elsewhere.Id().ToString()} WHERE workspace_id = {workspace} AND tts_key <> {value}");
        var complete = await PreflightAsync(workspace, Arranged.ReferencesOnly);
        Assert.Equal([("tts", 1, 1)], Covered(complete));
        Assert.Empty(complete.GetProperty("warnings").EnumerateArray());
        Assert.Empty(Covered(await PreflightAsync(workspace, Arranged.DirectKeys)));
    }

    [Fact]
    public async Task It_is_paged_and_all_of_it_is_a_file_without_formulas_and_values()
    {
        var workspace = await Admin.AddWorkspaceInAsync(Arranged.DirectKeys);
        var value = Fresh.Value();
        foreach (var name in new[] { "=cmd|' /C calc'!A0", "+1", "Plain, with comma" }) await Admin.AddAgentAsync(workspace, ("name", name), ("tts_key", value));

        var page = await (await Admin.PostAsync("/api/v1/rollout/preflight?page=2&page_size=2", new { phase = Arranged.ReferencesOnly, workspace_id = workspace })).ReadAsync();
        Assert.Equal((3, 2, 1), (page.GetProperty("total").GetInt32(), page.GetProperty("page").GetInt32(), page.GetProperty("agents").GetArrayLength()));

        var file = await (await Admin.GetAsync($"/api/v1/rollout/preflight.csv?phase={Arranged.ReferencesOnly}&workspace_id={workspace}")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(4, file.TrimEnd().Split("\r\n").Length);
        Assert.Contains(",'=cmd|' /C calc'!A0,", file, StringComparison.Ordinal);
        Assert.Contains(",'+1,", file, StringComparison.Ordinal);
        Assert.Contains(",\"Plain, with comma\",", file, StringComparison.Ordinal);
        Assert.Contains($",tts,no_reference,legacy,,{value[^4..]},not_configured,,", file, StringComparison.Ordinal);
        await App.Database.OpenPanelAsync();
        var shown = await (await Admin.GetAsync($"/rollout/preflight?phase={Arranged.ReferencesOnly}&workspace_id={workspace}")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("3 agents would get another answer", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(value, file + shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inheriting_is_looked_at_as_any_other_switch_and_the_verb_says_3_where_it_would_be_refused()
    {
        var workspace = await Admin.AddWorkspaceInAsync(Arranged.ReferencesOnly);
        var agent = (await Admin.AddAgentAsync(workspace)).Id();
        await App.Database.SetLegacyAsync(agent, "stt", Fresh.Value());
        var file = Path.Combine(App.Folder, $"{workspace}.csv");

        Assert.Equal(1, (await PreflightAsync(workspace, null)).GetProperty("total").GetInt32());
        var refused = (await App.CliAsync("rollout", "preflight", "inherit", "--workspace", workspace.ToString(), "--output", file)).Expect(3);
        Assert.Contains("would_resolve", refused.Output, StringComparison.Ordinal);
        Assert.Contains(agent.ToString(), await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        using var fine = JsonDocument.Parse((await App.CliAsync("rollout", "preflight", Arranged.ReferencesOnly, "--workspace", workspace.ToString(), "--json")).Expect(0).Output);
        Assert.Equal(0, fine.RootElement.GetProperty("total").GetInt32());
        await (await Admin.PostAsync("/api/v1/rollout/preflight", new { })).ProblemAsync(HttpStatusCode.BadRequest, "invalid", "phase");
        await (await Admin.PostAsync("/api/v1/rollout/preflight", new { phase = Arranged.DirectKeys, workspace_id = Guid.NewGuid() })).ProblemAsync(HttpStatusCode.NotFound, "not_found", "workspace_id");
    }

    [Fact]
    public async Task An_edit_and_a_switch_at_once_never_both_go_through()
    {
        var (edited, switched) = (0, 0);
        for (var round = 0; round < 12; round++)
        {
            var workspace = (await Admin.AddWorkspaceAsync()).Id();
            var value = Fresh.Value();
            var key = await Admin.AddKeyToAsync(workspace, "tts", value);
            var agent = await Admin.AddAgentAsync(workspace, ("tts_key", value), ("selected_tts_key_id", key));

            // The edit takes the slot's reference away, so that the switch would leave it without a key.
            Task<HttpResponseMessage> edit = null!;
            if (round % 2 == 0) edit = Edit();
            var change = Admin.PutAsync("/api/v1/rollout", new { phase = Arranged.ReferencesOnly, workspace_id = workspace });
            edit ??= Edit();
            HttpResponseMessage[] answers = [await edit, await change];
            Task<HttpResponseMessage> Edit() => Admin.PutAgentAsync(agent, ("selected_tts_key_id", key), ("tts_key", Fresh.Value()));

            Assert.All(answers, answer => Assert.True((int)answer.StatusCode is 200 or 400 or 409, answer.StatusCode.ToString()));
            Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
            if ((await edit).StatusCode == HttpStatusCode.OK) edited++;
            else switched++;
            await Resolver.ResolvedValueAsync(agent.Id());
        }

        Assert.Equal(12, edited + switched);
    }

    private async Task<JsonElement> PreflightAsync(Guid workspace, string? phase) =>
        await (await Admin.PostAsync("/api/v1/rollout/preflight", new { phase, workspace_id = workspace })).ReadAsync();

    private static IReadOnlyList<(string, string)> Slots(JsonElement agent) => [.. agent.GetProperty("slots").EnumerateArray().Select(slot => (slot.Text("kind"), slot.Text("reason")))];

    private static IEnumerable<(string, int, int)> Covered(JsonElement found) =>
        found.GetProperty("coverage").EnumerateArray().Select(row => (row.Text("kind"), row.GetProperty("distinct").GetInt32(), row.GetProperty("assigned").GetInt32()));

    public sealed class OnSqlite(SqliteApp app) : PreflightTests(app);

    public sealed class OnPostgreSql(PostgreSqlApp app) : PreflightTests(app);

    public sealed class OnSqlServer(SqlServerApp app) : PreflightTests(app);
}
