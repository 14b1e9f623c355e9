using System.Net;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Keys;

public abstract class ReplaceKeyTests(SharedApp shared) : AppTests(shared)
{
    [Fact]
    public async Task Agents_follow_a_new_value_at_once_and_are_not_touched()
    {
        var workspace = await Admin.AddWorkspaceInAsync(Arranged.ReferencesOnly);
        var (first, second) = (Fresh.Value(), Fresh.Value());
        var key = await Admin.AddKeyToAsync(workspace, "tts", first);
        var agent = await Admin.AddAgentAsync(workspace, ("selected_tts_key_id", key));
        Assert.Equal(first, await Resolver.ResolvedValueAsync(agent.Id()));

        var replaced = await (await Admin.PostAsync($"/api/v1/keys/{key}/versions", new { value = second, version = 1 })).ReadAsync(HttpStatusCode.Created);

        var resolved = await (await Resolver.ResolveAsync(agent.Id())).ReadAsync();
        Assert.Equal((second, 2), (resolved.Text("value"), resolved.GetProperty("key_version").GetInt32()));
        Assert.Equal((2, 2, second[^4..]), (replaced.Version(), replaced.GetProperty("current_version").GetInt32(), replaced.Text("last4")));
        Assert.Equal(agent.Version(), (await Admin.ReadAsync($"/api/v1/agents/{agent.Id()}")).Version());
        Assert.Single(await Admin.ActivityOfAsync(agent.Id()));
    }

    [Fact]
    public async Task Versions_are_listed_newest_first_without_values()
    {
        var (first, second) = (Fresh.Value(), Fresh.Value());
        var key = (await Admin.AddKeyAsync("tts", first)).Id();
        await (await Admin.PostAsync($"/api/v1/keys/{key}/versions", new { value = second, region = "eu2", version = 1 })).ReadAsync(HttpStatusCode.Created);

        var list = await Admin.ReadAsync($"/api/v1/keys/{key}/versions");

        Assert.Equal([(2, true, second[^4..]), (1, false, first[^4..])],
            list.Items().Select(row => (row.GetProperty("number").GetInt32(), row.GetProperty("is_current").GetBoolean(), row.Text("last4"))));
        Assert.Equal("eu2", list.Items()[0].Text("region"));
        Assert.DoesNotContain(first[3..20], list.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain(second[3..20], list.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_region_that_is_not_said_stays()
    {
        var key = (await Admin.AddKeyAsync()).Id();
        await (await Admin.PostAsync($"/api/v1/keys/{key}/versions", new { value = Fresh.Value(), region = "eu2", version = 1 })).ReadAsync(HttpStatusCode.Created);

        var replaced = await (await Admin.PostAsync($"/api/v1/keys/{key}/versions", new { value = Fresh.Value(), version = 2 })).ReadAsync(HttpStatusCode.Created);

        Assert.Equal("eu2", replaced.Text("region"));
    }

    [Theory]
    [InlineData("...1234")]
    [InlineData("••••••••1234")]
    [InlineData("   ")]
    [InlineData("")]
    [InlineData(" sk-padded-value-1234")]
    [InlineData("sk-line\nbreak-12345")]
    [InlineData("sk-schlüssel-12345")]
    public async Task What_is_no_value_replaces_nothing(string value)
    {
        var key = (await Admin.AddKeyAsync()).Id();

        await (await Admin.PostAsync($"/api/v1/keys/{key}/versions", new { value, version = 1 })).ProblemAsync(HttpStatusCode.BadRequest, "invalid", "value");

        Assert.Single((await Admin.ReadAsync($"/api/v1/keys/{key}/versions")).Items());
        await (await Admin.PostAsync($"/api/v1/keys/{key}/versions", new { value = Fresh.Value(), version = 1 })).ReadAsync(HttpStatusCode.Created);
        Assert.Equal(2, (await Admin.ReadAsync($"/api/v1/keys/{key}/versions")).Items().Count);
    }

    [Fact]
    public async Task The_longest_value_comes_back_whole()
    {
        var workspace = await Admin.AddWorkspaceInAsync(Arranged.ReferencesOnly);
        var value = string.Concat(Enumerable.Repeat("0123456789abcdef", 256));
        var key = await Admin.AddKeyToAsync(workspace, "stt", value);
        var agent = (await Admin.AddAgentAsync(workspace, ("selected_stt_key_id", key))).Id();

        Assert.Equal(4096, value.Length);
        Assert.Equal(value, await Resolver.ResolvedValueAsync(agent, "stt"));
    }

    [Fact]
    public async Task Of_two_replacements_at_once_one_is_told_that_it_is_stale()
    {
        var key = (await Admin.AddKeyAsync()).Id();

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Admin.PostAsync($"/api/v1/keys/{key}/versions", new { value = Fresh.Value(), version = 1 })));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        foreach (var answer in answers.Where(answer => answer.StatusCode != HttpStatusCode.Created)) await answer.ProblemAsync(HttpStatusCode.Conflict, "stale_version");
        Assert.Equal(2, (await Admin.ReadAsync($"/api/v1/keys/{key}/versions")).Items().Count);
    }

    public sealed class OnSqlite(SqliteApp app) : ReplaceKeyTests(app);

    public sealed class OnPostgreSql(PostgreSqlApp app) : ReplaceKeyTests(app);

    public sealed class OnSqlServer(SqlServerApp app) : ReplaceKeyTests(app);
}
