using System.Net;
using System.Text.Json;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Agents;

/// <summary>The old members tts_key, stt_key and elevenlabs_key of an agent.</summary>
public abstract class AgentLegacyKeyTests(SharedApp shared) : AppTests(shared)
{
    [Fact]
    public async Task Direct_keys_takes_them_and_answers_with_the_mask_alone()
    {
        var workspace = await Admin.AddWorkspaceInAsync(Arranged.DirectKeys);
        var values = Arranged.Kinds.ToDictionary(kind => kind, _ => Fresh.Value(), StringComparer.Ordinal);

        var agent = await Admin.AddAgentAsync(workspace, [.. values.Select(value => ($"{value.Key}_key", (object?)value.Value))]);

        foreach (var (kind, value) in values)
        {
            Assert.Equal(("legacy", value[^4..]), (agent.Slot(kind).Text("state"), agent.Slot(kind).Text("last4")));
            Assert.DoesNotContain(value[3..20], agent.GetRawText(), StringComparison.Ordinal);
            Assert.Equal(value, await Resolver.ResolvedValueAsync(agent.Id(), kind));
        }
    }

    [Theory]
    [InlineData(Arranged.WithFallback)]
    [InlineData(Arranged.ReferencesOnly)]
    public async Task Later_phases_refuse_them_by_name(string phase)
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var value = Fresh.Value();
        var agent = await Admin.AddAgentAsync(workspace, ("tts_key", value));
        await Admin.SetPhaseAsync(workspace, phase);

        foreach (var kind in Arranged.Kinds)
        {
            await (await Admin.PostAgentAsync(workspace, ($"{kind}_key", Fresh.Value()))).ProblemAsync(HttpStatusCode.BadRequest, "invalid", $"{kind}_key");
            await (await Admin.PutAgentAsync(agent, ($"{kind}_key", Fresh.Value()))).ProblemAsync(HttpStatusCode.BadRequest, "invalid", $"{kind}_key");
        }

        await (await Admin.PutAgentAsync(agent, ("clear_keys", new[] { "tts" }))).ProblemAsync(HttpStatusCode.BadRequest, "invalid", "clear_keys");
        Assert.Equal(value, await App.Database.LegacyAsync(agent.Id(), "tts"));
        Assert.Equal(1, (await Admin.ReadAsync($"/api/v1/workspaces/{workspace}/agents")).GetProperty("total").GetInt32());

        // A form that sends back what it was shown is no reason to refuse.
        await (await Admin.PutAgentAsync(agent, ("tts_key", $"...{value[^4..]}"), ("stt_key", ""))).ReadAsync();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("...")]
    [InlineData("••••••••")]
    [InlineData("...1234")]
    [InlineData("********1234")]
    [InlineData("…1234")]
    public async Task Blank_and_masked_change_nothing(string? posted)
    {
        var value = Fresh.Value();
        var agent = await Admin.AddAgentAsync((await Admin.AddWorkspaceAsync()).Id(), ("tts_key", value));

        var same = await (await Admin.PutAgentAsync(agent, ("tts_key", posted))).ReadAsync();

        Assert.Equal(agent.Version(), same.Version());
        Assert.Equal(value, await App.Database.LegacyAsync(agent.Id(), "tts"));
        Assert.Single(await Admin.ActivityOfAsync(agent.Id()));

        await (await Admin.PutAgentAsync(agent, ("tts_key", value + "x"))).ReadAsync();
        Assert.Equal(value + "x", await App.Database.LegacyAsync(agent.Id(), "tts"));
    }

    [Fact]
    public async Task Clear_keys_removes_those_it_names()
    {
        var (tts, stt) = (Fresh.Value(), Fresh.Value());
        var agent = await Admin.AddAgentAsync((await Admin.AddWorkspaceAsync()).Id(), ("tts_key", tts), ("stt_key", stt));

        var cleared = await (await Admin.PutAgentAsync(agent, ("clear_keys", new[] { "tts" }))).ReadAsync();

        Assert.Equal(("none", "legacy"), (cleared.Slot("tts").Text("state"), cleared.Slot("stt").Text("state")));
        Assert.Null(await App.Database.LegacyAsync(agent.Id(), "tts"));
        await (await Resolver.ResolveAsync(agent.Id())).ProblemAsync(HttpStatusCode.NotFound, "not_configured");
        Assert.Equal(stt, await Resolver.ResolvedValueAsync(agent.Id(), "stt"));
    }

    [Fact]
    public async Task A_slot_is_not_cleared_and_filled_at_once()
    {
        var value = Fresh.Value();
        var agent = await Admin.AddAgentAsync((await Admin.AddWorkspaceAsync()).Id(), ("tts_key", value));

        await (await Admin.PutAgentAsync(agent, ("tts_key", Fresh.Value()), ("clear_keys", new[] { "tts" }))).ProblemAsync(HttpStatusCode.BadRequest, "invalid", "clear_keys");

        Assert.Equal(value, await App.Database.LegacyAsync(agent.Id(), "tts"));
    }

    [Fact]
    public async Task Replacing_a_raw_key_clears_the_reference_of_that_slot_alone()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var (tts, stt) = (await Admin.AddKeyToAsync(workspace), await Admin.AddKeyToAsync(workspace, "stt"));
        var agent = await Admin.AddAgentAsync(workspace, ("tts_key", Fresh.Value()), ("selected_tts_key_id", tts), ("selected_stt_key_id", stt));
        Assert.Equal(tts, agent.Id("selected_tts_key_id"));

        var replaced = await (await Admin.PutAgentAsync(agent, ("tts_key", Fresh.Value()), ("selected_tts_key_id", tts), ("selected_stt_key_id", stt))).ReadAsync();

        Assert.Equal(JsonValueKind.Null, replaced.GetProperty("selected_tts_key_id").ValueKind);
        Assert.Equal(stt, replaced.Id("selected_stt_key_id"));
    }

    [Fact]
    public async Task A_raw_key_and_a_newly_named_reference_are_both_stored_whichever_verb_brings_them()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var (first, second) = (await Admin.AddKeyToAsync(workspace), await Admin.AddKeyToAsync(workspace));
        var (posted, put) = (Fresh.Value(), Fresh.Value());

        var agent = await Admin.AddAgentAsync(workspace, ("tts_key", posted), ("selected_tts_key_id", first));
        Assert.Equal((first, posted), (agent.Id("selected_tts_key_id"), await Resolver.ResolvedValueAsync(agent.Id())));
        var changed = await (await Admin.PutAgentAsync(agent, ("tts_key", put), ("selected_tts_key_id", second))).ReadAsync();

        Assert.Equal((second, put), (changed.Id("selected_tts_key_id"), await Resolver.ResolvedValueAsync(agent.Id())));
    }

    [Fact]
    public async Task Values_are_kept_byte_for_byte()
    {
        const string Padded = "  sk-with-blanks-around  ";
        var agent = await Admin.AddAgentAsync((await Admin.AddWorkspaceAsync()).Id(), ("elevenlabs_key", Padded));

        Assert.Equal(Padded, await Resolver.ResolvedValueAsync(agent.Id(), "elevenlabs"));
        Assert.Equal(Padded, await App.Database.LegacyAsync(agent.Id(), "elevenlabs"));
    }

    [Fact]
    public async Task The_id_of_a_key_in_an_old_member_must_be_one_the_workspace_could_pick()
    {
        var (workspace, elsewhere) = ((await Admin.AddWorkspaceAsync()).Id(), (await Admin.AddWorkspaceAsync()).Id());
        var (own, foreign, other) = (await Admin.AddKeyToAsync(workspace), await Admin.AddKeyToAsync(elsewhere), await Admin.AddKeyToAsync(workspace, "stt"));

        await (await Admin.PostAgentAsync(workspace, ("tts_key", foreign.ToString()))).ProblemAsync(HttpStatusCode.NotFound, "not_found", "tts_key");
        await (await Admin.PostAgentAsync(workspace, ("tts_key", other.ToString()))).ProblemAsync(HttpStatusCode.BadRequest, "invalid", "tts_key");

        var agent = await Admin.AddAgentAsync(workspace, ("tts_key", own.ToString()), ("stt_key", Guid.NewGuid().ToString()));
        Assert.Equal(("legacy", own), (agent.Slot("tts").Text("state"), agent.Slot("tts").Id("key_id")));
        Assert.Equal("legacy", agent.Slot("stt").Text("state"));
    }

    public sealed class OnSqlite(SqliteApp app) : AgentLegacyKeyTests(app);

    public sealed class OnPostgreSql(PostgreSqlApp app) : AgentLegacyKeyTests(app);

    public sealed class OnSqlServer(SqlServerApp app) : AgentLegacyKeyTests(app);
}
