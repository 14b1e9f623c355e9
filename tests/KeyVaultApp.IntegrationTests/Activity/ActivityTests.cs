using System.Net;
using System.Text.Json;
using KeyVaultApp.IntegrationTests.Access;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Activity;

/// <summary>One entry for every change, none where nothing changed, and never a value.</summary>
public abstract class ActivityTests(SharedApp shared) : AppTests(shared)
{
    [Fact]
    public async Task Every_change_of_a_key_leaves_one_entry_with_before_and_after()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var (first, second) = (Fresh.Value(), Fresh.Value());
        var key = await Admin.AddKeyAsync("tts", first);
        var address = $"/api/v1/keys/{key.Id()}";
        await (await Admin.PatchAsync(address, new { notes = "Kept by Ops", version = 1 })).ReadAsync();
        await (await Admin.PostAsync($"{address}/versions", new { value = second, version = 2 })).ReadAsync(HttpStatusCode.Created);
        await (await Admin.PutAsync($"{address}/workspaces", new { workspace_ids = new[] { workspace }, version = 3 })).ReadAsync();
        await (await Admin.PostAsync($"{address}/disable", new { })).ReadAsync();
        await (await Admin.PostAsync($"{address}/enable", new { })).ReadAsync();
        await (await Admin.DeleteAsync(address)).ReadAsync(HttpStatusCode.NoContent);

        var entries = (await Admin.ActivityOfAsync(key.Id())).Reverse().ToArray();

        Assert.Equal(
            ["key_created", "key_changed", "key_replaced", "key_assigned", "key_disabled", "key_enabled", "key_deleted"],
            entries.Select(entry => entry.Text("action")));
        Assert.Equal((JsonValueKind.Null, "Kept by Ops"), (entries[1].GetProperty("before").GetProperty("notes").ValueKind, entries[1].GetProperty("after").Text("notes")));
        Assert.Equal((first[^4..], second[^4..]), (entries[2].GetProperty("before").Text("last4"), entries[2].GetProperty("after").Text("last4")));
        Assert.Equal([workspace], entries[3].GetProperty("after").GetProperty("workspace_ids").EnumerateArray().Select(id => id.GetGuid()));
        Assert.Equal(("active", "disabled"), (entries[4].GetProperty("before").Text("status"), entries[4].GetProperty("after").Text("status")));
        Assert.All(entries, entry => Assert.DoesNotContain(first[3..20], entry.GetRawText(), StringComparison.Ordinal));
        Assert.All(entries, entry => Assert.DoesNotContain(second[3..20], entry.GetRawText(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("action", "key_replaced")]
    [InlineData("target_kind", "backfill")]
    public async Task A_word_that_no_entry_can_have_is_refused_with_those_it_can(string field, string word)
    {
        await Admin.ReadAsync($"/api/v1/activity?{field}={word}");

        var problem = await (await Admin.GetAsync($"/api/v1/activity?{field}=zzz")).ProblemAsync(HttpStatusCode.BadRequest, "invalid", field);

        Assert.Contains(word, problem.GetProperty("errors").GetProperty(field)[0].GetString(), StringComparison.Ordinal);
        using var person = await App.AdminAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await person.SendAsync(HttpMethod.Get, $"/activity/export?{field}=zzz")).StatusCode);
    }

    [Fact]
    public async Task Every_kind_of_target_that_was_ever_written_can_be_filtered_by()
    {
        foreach (var kind in (await App.Database.QueryAsync<string>($"SELECT DISTINCT target_kind AS \"Value\" FROM activity")))
            Assert.NotEmpty((await Admin.ReadAsync($"/api/v1/activity?target_kind={kind}")).Items());
    }

    [Fact]
    public async Task Old_keys_of_an_agent_are_told_by_their_mask()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var (first, second) = (Fresh.Value(), Fresh.Value());
        var agent = await Admin.AddAgentAsync(workspace, ("tts_key", first));
        var changed = await (await Admin.PutAgentAsync(agent, ("tts_key", second))).ReadAsync();
        await (await Admin.PutAgentAsync(changed, ("clear_keys", new[] { "tts" }))).ReadAsync();
        await (await Admin.DeleteAsync($"/api/v1/agents/{agent.Id()}")).ReadAsync(HttpStatusCode.NoContent);

        var entries = (await Admin.ActivityOfAsync(agent.Id())).Reverse().ToArray();

        Assert.Equal(["agent_created", "agent_changed", "agent_changed", "agent_deleted"], entries.Select(entry => entry.Text("action")));
        Assert.Equal(($"...{first[^4..]}", $"...{second[^4..]}"), (entries[1].GetProperty("before").Text("tts_key"), entries[1].GetProperty("after").Text("tts_key")));
        Assert.All(entries, entry => Assert.Equal(workspace, entry.Id("workspace_id")));
        Assert.All(entries, entry => Assert.DoesNotContain(first[3..20], entry.GetRawText(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_key_with_the_same_end_is_a_change_too()
    {
        var agent = await Admin.AddAgentAsync((await Admin.AddWorkspaceAsync()).Id(), ("tts_key", $"{Fresh.Value()}-same"));

        await (await Admin.PutAgentAsync(agent, ("tts_key", $"{Fresh.Value()}-same"))).ReadAsync();

        Assert.Equal(2, (await Admin.ActivityOfAsync(agent.Id())).Count);
    }

    [Fact]
    public async Task An_entry_tells_who_what_when_and_the_trace()
    {
        var before = DateTimeOffset.UtcNow;
        var workspace = await Admin.AddWorkspaceAsync();

        var entry = Assert.Single(await Admin.ActivityOfAsync(workspace.Id()));

        Assert.Equal(("token", "workspace", workspace.Text("name")), (entry.Text("actor_kind"), entry.Text("target_kind"), entry.Text("target_name")));
        Assert.StartsWith("admin ", entry.Text("actor_name"), StringComparison.Ordinal);
        Assert.NotEqual(Guid.Empty, entry.Id("actor_id"));
        Assert.InRange(entry.GetProperty("at").GetDateTimeOffset(), before.AddSeconds(-1), DateTimeOffset.UtcNow.AddSeconds(1));
        Assert.Matches("^[0-9a-f]{32}$", entry.Text("trace_id"));
        Assert.Equal("127.0.0.1", entry.Text("address"));
    }

    [Fact]
    public async Task A_change_by_command_line_is_told_as_such()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();

        (await App.CliAsync("rollout", "set", Arranged.WithFallback, "--workspace", workspace.ToString())).Expect(0);

        var entry = (await Admin.ActivityOfAsync(workspace))[0];
        Assert.Equal(("command_line", Environment.UserName), (entry.Text("actor_kind"), entry.Text("actor_name")));
    }

    [Fact]
    public async Task A_refused_change_leaves_no_entry()
    {
        var workspace = await Admin.AddWorkspaceAsync();
        var path = $"/api/v1/workspaces/{workspace.Id()}";

        await (await Admin.PutAsync(path, new { name = "", version = 1 })).ProblemAsync(HttpStatusCode.BadRequest);
        await (await Admin.PutAsync(path, new { name = "x", version = 7 })).ProblemAsync(HttpStatusCode.Conflict);
        Assert.Single(await Admin.ActivityOfAsync(workspace.Id()));

        await (await Admin.PutAsync(path, new { name = Unique("x"), version = 1 })).ReadAsync();
        Assert.Equal(2, (await Admin.ActivityOfAsync(workspace.Id())).Count);
    }

    [Fact]
    public async Task Filters_narrow_the_list()
    {
        var workspace = await Admin.AddWorkspaceAsync();
        var agent = await Admin.AddAgentAsync(workspace.Id());
        var actor = (await Admin.ActivityOfAsync(agent.Id()))[0].Text("actor_name");
        string[] both = ["agent_created", "workspace_created"];

        async Task<string[]> ActionsAsync(string query) =>
            [.. (await Admin.ReadAsync($"/api/v1/activity?workspace_id={workspace.Id()}&{query}")).Items().Select(entry => entry.Text("action"))];

        Assert.Equal(both, await ActionsAsync(""));
        Assert.Equal(both.Reverse(), await ActionsAsync("sort=at"));
        Assert.Equal(["agent_created"], await ActionsAsync("action=agent_created"));
        Assert.Equal(["agent_created"], await ActionsAsync("target_kind=agent"));
        Assert.Equal(["workspace_created"], await ActionsAsync($"search={Uri.EscapeDataString(workspace.Text("name").ToUpperInvariant())}"));
        Assert.Equal(both, await ActionsAsync($"actor={Uri.EscapeDataString(actor)}"));
        Assert.Empty(await ActionsAsync("actor=nobody"));
        Assert.Equal(both, await ActionsAsync("from=2020-01-01&to=2999-01-01T00:00:00Z"));
        Assert.Empty(await ActionsAsync("to=2020-01-01"));
        Assert.Empty(await ActionsAsync("from=2999-01-01"));
        Assert.Equal(["workspace_created"], await ActionsAsync("page=2&page_size=1"));
    }

    [Theory]
    [InlineData("from=yesterday", "from")]
    [InlineData("to=1", "to")]
    [InlineData("target_id=x", "target_id")]
    [InlineData("workspace_id=x", "workspace_id")]
    [InlineData("sort=actor", "sort")]
    public async Task A_query_that_makes_no_sense_is_refused_by_name(string query, string field) =>
        await (await Admin.GetAsync($"/api/v1/activity?{query}")).ProblemAsync(HttpStatusCode.BadRequest, "invalid", field);

    public sealed class OnSqlite(SqliteApp app) : ActivityTests(app);

    public sealed class OnPostgreSql(PostgreSqlApp app) : ActivityTests(app);

    public sealed class OnSqlServer(SqlServerApp app) : ActivityTests(app);
}
