using System.Net;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Keys;

public abstract class ListKeysTests(SharedApp shared) : AppTests(shared)
{
    private const string Address = "/api/v1/keys";

    [Fact]
    public async Task Keys_are_found_by_part_of_the_name_ignoring_case()
    {
        var mark = Guid.NewGuid().ToString("N");
        var key = await Admin.AddKeyAsync(name: $"Ärger {mark} Primary");
        await Admin.AddKeyAsync();

        Assert.Equal([key.Id()], await IdsAsync($"search={Uri.EscapeDataString($"ärger {mark.ToUpperInvariant()}")}"));
        Assert.Empty(await IdsAsync($"search={mark}%25"));
        Assert.Empty(await IdsAsync($"search={mark[..10]}_{mark[11..]}"));
    }

    [Fact]
    public async Task Filters_are_by_kind_provider_and_workspace()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var (tts, stt) = (await Admin.AddKeyToAsync(workspace), await Admin.AddKeyToAsync(workspace, "stt"));
        var provider = $"p{Guid.NewGuid():N}";
        await (await Admin.PostAsync($"{Address}/{stt}/versions", new { value = Fresh.Value(), provider, version = 1 })).ReadAsync(System.Net.HttpStatusCode.Created);

        Assert.Equal([tts, stt], await IdsAsync($"workspace_id={workspace}&sort=created_at"));
        Assert.Equal([stt], await IdsAsync($"workspace_id={workspace}&kind=stt"));
        Assert.Empty(await IdsAsync($"workspace_id={workspace}&kind=elevenlabs"));
        Assert.Equal([stt], await IdsAsync($"provider={provider}"));
    }

    [Fact]
    public async Task Filters_are_by_status_use_assignment_and_expiry()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var ids = new Dictionary<string, Guid>(StringComparer.Ordinal);
        foreach (var name in new[] { "active", "disabled", "expired", "soon" }) ids[name] = await Admin.AddKeyToAsync(workspace);
        await (await Admin.PostAsync($"{Address}/{ids["disabled"]}/disable", new { })).ReadAsync();
        await ExpireAsync(ids["expired"], DateTimeOffset.UtcNow.AddMinutes(-1));
        await ExpireAsync(ids["soon"], DateTimeOffset.UtcNow.AddDays(20));
        await ExpireAsync(ids["active"], DateTimeOffset.UtcNow.AddDays(40));
        await Admin.AddAgentAsync(workspace, ("selected_tts_key_id", ids["active"]));

        Assert.Equal([ids["active"], ids["soon"]], await IdsAsync($"workspace_id={workspace}&status=active&sort=created_at"));
        Assert.Equal([ids["disabled"]], await IdsAsync($"workspace_id={workspace}&status=disabled"));
        Assert.Equal([ids["expired"]], await IdsAsync($"workspace_id={workspace}&status=expired"));
        Assert.Equal([ids["soon"]], await IdsAsync($"workspace_id={workspace}&expiring=true"));
        Assert.Equal([ids["disabled"], ids["expired"], ids["soon"]], await IdsAsync($"workspace_id={workspace}&unused=true&sort=created_at"));

        var free = await Admin.AddKeyAsync();
        Assert.Equal([free.Id()], await IdsAsync($"unassigned=true&search={free.Text("name")}"));
        Assert.Empty(await IdsAsync($"unassigned=true&workspace_id={workspace}"));
    }

    [Fact]
    public async Task Ties_are_broken_by_id_so_that_pages_neither_repeat_nor_lose_a_row()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var made = new List<Guid>();
        for (var i = 0; i < 7; i++) made.Add(await Admin.AddKeyToAsync(workspace));
        Guid[] byId = [.. made.OrderBy(id => id.ToString(), StringComparer.Ordinal)];

        foreach (var (sort, expected) in new[] { ("kind", byId), ("-kind", [.. byId.Reverse()]), ("expires_at", byId), ("status", byId) })
        {
            var paged = new List<Guid>();
            for (var page = 1; page <= 4; page++) paged.AddRange(await IdsAsync($"workspace_id={workspace}&sort={sort}&page_size=2&page={page}"));
            Assert.Equal(expected, paged);
        }
    }

    [Fact]
    public async Task Names_sort_ignoring_case_and_the_page_tells_the_total()
    {
        var mark = Guid.NewGuid().ToString("N");
        foreach (var letter in new[] { "b", "C", "a" }) await Admin.AddKeyAsync(name: $"{letter} {mark}");

        var page = await Admin.ReadAsync($"{Address}?search={mark}&page_size=2&page=1&sort=name");

        Assert.Equal(["a", "b"], page.Items().Select(row => row.Text("name")[..1]));
        Assert.Equal((3, 1, 2), (page.GetProperty("total").GetInt32(), page.GetProperty("page").GetInt32(), page.GetProperty("page_size").GetInt32()));
    }

    [Fact]
    public async Task Items_are_like_the_single_row()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var key = await Admin.AddKeyToAsync(workspace);

        var item = (await Admin.ReadAsync($"{Address}?workspace_id={workspace}")).Items().Single();

        Assert.Equal((await Admin.ReadAsync($"{Address}/{key}")).GetRawText(), item.GetRawText());
    }

    [Theory]
    [InlineData("kind=TTS", "kind")]
    [InlineData("kind=1", "kind")]
    [InlineData("status=gone", "status")]
    [InlineData("workspace_id=x", "workspace_id")]
    [InlineData("sort=value", "sort")]
    [InlineData("unused=perhaps", "unused")]
    [InlineData("unassigned=perhaps", "unassigned")]
    [InlineData("expiring=perhaps", "expiring")]
    public async Task A_query_that_makes_no_sense_is_refused_by_name(string query, string field) =>
        await (await Admin.GetAsync($"{Address}?{query}")).ProblemAsync(HttpStatusCode.BadRequest, "invalid", field);

    [Fact]
    public async Task A_search_that_is_too_long_is_refused_by_name() =>
        await (await Admin.GetAsync($"{Address}?search={new string('x', 257)}")).ProblemAsync(HttpStatusCode.BadRequest, "invalid", "search");

    private async Task<Guid[]> IdsAsync(string query) => [.. (await Admin.ReadAsync($"{Address}?{query}")).Items().Select(row => row.Id())];

    private async Task ExpireAsync(Guid key, DateTimeOffset at) => await (await Admin.PatchAsync($"{Address}/{key}", new { expires_at = at, version = 1 })).ReadAsync();

    public sealed class OnSqlite(SqliteApp app) : ListKeysTests(app);

    public sealed class OnPostgreSql(PostgreSqlApp app) : ListKeysTests(app);

    public sealed class OnSqlServer(SqlServerApp app) : ListKeysTests(app);
}
