using System.Net;
using System.Text.Json;
using KeyVaultApp.IntegrationTests.Access;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.KeyTesting;

/// <summary>An agent's slots, resolved as the runtime would and tested.</summary>
[Collection(TestedKeys.Name)]
public sealed class CheckAgentTests(TestedOnSqlite tested)
{
    [Fact]
    public async Task Each_slot_says_where_its_key_comes_from_and_what_its_provider_makes_of_it()
    {
        var (agent, value) = await AgentAsync();

        var answer = await (await tested.Admin.PostAsync($"/api/v1/agents/{agent}/check", new { })).ReadAsync();

        var slots = answer.GetProperty("slots");
        Assert.Equal("reference", slots.GetProperty("tts").Text("source"));
        Assert.Equal("rejected", slots.GetProperty("tts").Text("outcome"));
        Assert.Equal("key_unavailable", slots.GetProperty("stt").Text("code"));
        Assert.Equal("disabled", slots.GetProperty("stt").Text("reason"));
        Assert.Equal("not_configured", slots.GetProperty("elevenlabs").Text("code"));
        Assert.Equal(JsonValueKind.Null, slots.GetProperty("elevenlabs").GetProperty("outcome").ValueKind);
        Assert.DoesNotContain(value, answer.GetRawText(), StringComparison.Ordinal);
        var key = await tested.Admin.ReadAsync($"/api/v1/keys/{slots.GetProperty("tts").Id("key_id")}");
        Assert.Equal("rejected", key.GetProperty("last_test").Text("outcome"));
        var entry = (await tested.Admin.ReadAsync($"/api/v1/activity?target_id={agent}&action=agent_checked")).GetProperty("items")[0];
        Assert.Equal("disabled", entry.GetProperty("after").Text("stt"));
    }

    [Fact]
    public async Task The_command_says_the_same_and_fails_where_a_slot_would()
    {
        var (agent, value) = await AgentAsync();

        var people = await tested.App.CliAsync("agents", "check", agent.ToString());
        var machines = await tested.App.CliAsync("agents", "check", agent.ToString(), "--json");

        Assert.Equal(1, people.ExitCode);
        Assert.Contains("rejected", people.Output, StringComparison.Ordinal);
        Assert.Contains("2 of its slots", people.Errors, StringComparison.Ordinal);
        Assert.Equal("rejected", JsonDocument.Parse(machines.Output).RootElement.GetProperty("slots").GetProperty("tts").Text("outcome"));
        Assert.DoesNotContain(value, people.Output + people.Errors + machines.Output + machines.Errors, StringComparison.Ordinal);
        Assert.Equal(1, (await tested.App.CliAsync("agents", "check", Guid.NewGuid().ToString())).ExitCode);
        Assert.Equal(2, (await tested.App.CliAsync("agents", "check", "Front desk")).ExitCode);
    }

    [Fact]
    public async Task Overseers_may_check_and_runtimes_may_not()
    {
        var (agent, _) = await AgentAsync();

        await (await tested.App.Client(await tested.App.TokenAsync("ops")).PostAsync($"/api/v1/agents/{agent}/check", new { })).ReadAsync();
        await (await tested.App.Client(await tested.App.TokenAsync("resolver")).PostAsync($"/api/v1/agents/{agent}/check", new { })).ProblemAsync(HttpStatusCode.Forbidden);
        await (await tested.App.Client().PostAsync($"/api/v1/agents/{agent}/check", new { })).ProblemAsync(HttpStatusCode.Unauthorized);
        await (await tested.Admin.PostAsync($"/api/v1/agents/{Guid.NewGuid()}/check", new { })).ProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Somebody_checks_the_agents_of_their_own_workspaces_on_the_page()
    {
        var ((own, value), (foreign, _)) = (await AgentAsync(), await AgentAsync());
        var workspace = (await tested.Admin.ReadAsync($"/api/v1/agents/{own}")).Text("workspace_id");
        var email = $"{Guid.NewGuid():N}@example.com";
        (await tested.App.CliWithInputAsync("correct horse battery\n", "users", "add", "--email", email, "--role", "user", "--workspace", workspace)).Expect(0);
        using var person = await new Caller("user", 'U', tested.App.Address).SignInAsync(email, "correct horse battery");

        var page = await person.SendAsync(HttpMethod.Post, $"/agents/{own}/check");
        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("Rejected", html, StringComparison.Ordinal);
        Assert.DoesNotContain(value, html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await person.SendAsync(HttpMethod.Post, $"/agents/{foreign}/check")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await person.SendAsync(HttpMethod.Post, $"/agents/{Guid.NewGuid()}/check")).StatusCode);
    }

    /// <summary>In phase 2, with a tts key that its provider refuses, an stt key that is disabled, and nothing else.</summary>
    private async Task<(Guid Agent, string Value)> AgentAsync()
    {
        var workspace = (await (await tested.Admin.PostAsync("/api/v1/workspaces", new { name = $"W {Guid.NewGuid():N}" })).ReadAsync(HttpStatusCode.Created)).Id();
        var value = $"openai-bad-{Guid.NewGuid():N}";
        var tts = await KeyAsync("tts", workspace, value);
        var stt = await KeyAsync("stt", workspace, $"openai-good-{Guid.NewGuid():N}");
        await (await tested.Admin.PutAsync("/api/v1/rollout", new { phase = "references_with_fallback", workspace_id = workspace, force = true })).ReadAsync();
        var agent = await (await tested.Admin.PostAsync($"/api/v1/workspaces/{workspace}/agents", new { name = "Front desk", selected_tts_key_id = tts, selected_stt_key_id = stt })).ReadAsync(HttpStatusCode.Created);
        await (await tested.Admin.PostAsync($"/api/v1/keys/{stt}/disable", new { confirm = true })).ReadAsync();
        return (agent.Id(), value);
    }

    private async Task<Guid> KeyAsync(string kind, Guid workspace, string value) =>
        (await (await tested.Admin.PostAsync("/api/v1/keys", new { name = $"K {Guid.NewGuid():N}", kind, provider = "openai", value, workspace_ids = new[] { workspace }, skip_test = true })).ReadAsync(HttpStatusCode.Created)).Id();
}
