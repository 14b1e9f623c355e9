using System.Net;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Workspaces;

public abstract class WorkspaceTests(SharedApp shared) : AppTests(shared)
{
    private const string Address = "/api/v1/workspaces";

    [Fact]
    public async Task Creating_answers_with_the_row_and_its_address()
    {
        var name = Unique("Nord");
        var answer = await Admin.PostAsync(Address, new { name = $"  {name} " });

        var row = await answer.ReadAsync(HttpStatusCode.Created);
        Assert.Equal(name, row.Text("name"));
        Assert.Equal(1, row.Version());
        Assert.Equal($"{Address}/{row.Id()}", answer.Headers.Location?.OriginalString);
        Assert.Equal(row.GetRawText(), (await Admin.ReadAsync($"{Address}/{row.Id()}")).GetRawText());
    }

    [Theory]
    [InlineData("مساحة العمل")]
    [InlineData("🚀 Rakete 👩‍💻")]
    [InlineData("Ünïcödé 名前")]
    public async Task Names_take_letters_of_any_script(string text)
    {
        var name = Unique(text);

        Assert.Equal(name, (await Admin.AddWorkspaceAsync(name)).Text("name"));
    }

    [Fact]
    public async Task A_name_is_unique_ignoring_case()
    {
        var name = Unique("Straße É");
        await Admin.AddWorkspaceAsync(name);
        var other = await Admin.AddWorkspaceAsync();

        await (await Admin.PostAsync(Address, new { name = name.ToUpperInvariant() })).ProblemAsync(HttpStatusCode.Conflict, "name_taken", "name");
        await (await Admin.PutAsync($"{Address}/{other.Id()}", new { name = name.ToLowerInvariant(), version = 1 })).ProblemAsync(HttpStatusCode.Conflict, "name_taken", "name");

        Assert.Equal(other.Text("name"), (await Admin.ReadAsync($"{Address}/{other.Id()}")).Text("name"));
    }

    [Fact]
    public async Task Renaming_needs_the_version_that_was_loaded()
    {
        var id = (await Admin.AddWorkspaceAsync()).Id();
        var (first, second) = (Unique("First"), Unique("Second"));

        var renamed = await (await Admin.PutAsync($"{Address}/{id}", new { name = first, version = 1 })).ReadAsync();
        await (await Admin.PutAsync($"{Address}/{id}", new { name = second, version = 1 })).ProblemAsync(HttpStatusCode.Conflict, "stale_version", "version");

        Assert.Equal(2, renamed.Version());
        Assert.Equal(first, (await Admin.ReadAsync($"{Address}/{id}")).Text("name"));
    }

    [Fact]
    public async Task Renaming_to_the_same_name_writes_nothing()
    {
        var workspace = await Admin.AddWorkspaceAsync();
        var path = $"{Address}/{workspace.Id()}";

        var same = await (await Admin.PutAsync(path, new { name = workspace.Text("name"), version = 1 })).ReadAsync();
        Assert.Equal(1, same.Version());
        Assert.Single(await Admin.ActivityOfAsync(workspace.Id()));

        await (await Admin.PutAsync(path, new { name = Unique("Other"), version = 1 })).ReadAsync();
        Assert.Equal(2, (await Admin.ActivityOfAsync(workspace.Id())).Count);
    }

    [Fact]
    public async Task One_with_agents_is_not_deleted()
    {
        var id = (await Admin.AddWorkspaceAsync()).Id();
        var agent = await Admin.AddAgentAsync(id);

        var problem = await (await Admin.DeleteAsync($"{Address}/{id}")).ProblemAsync(HttpStatusCode.Conflict, "workspace_not_empty");
        Assert.Equal(1, problem.GetProperty("total").GetInt32());
        Assert.Equal(1, (await Admin.ReadAsync($"{Address}/{id}")).GetProperty("agent_count").GetInt32());

        await (await Admin.DeleteAsync($"/api/v1/agents/{agent.Id()}")).ReadAsync(HttpStatusCode.NoContent);
        await (await Admin.DeleteAsync($"{Address}/{id}")).ReadAsync(HttpStatusCode.NoContent);
        await (await Admin.GetAsync($"{Address}/{id}")).ProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Deleting_one_takes_its_assignments_and_leaves_the_keys()
    {
        var (gone, stays) = ((await Admin.AddWorkspaceAsync()).Id(), (await Admin.AddWorkspaceAsync()).Id());
        var key = await Admin.AddKeyAsync(workspaces: [gone, stays]);

        await (await Admin.DeleteAsync($"{Address}/{gone}")).ReadAsync(HttpStatusCode.NoContent);

        var left = (await Admin.ReadAsync($"/api/v1/keys/{key.Id()}")).GetProperty("workspace_ids").EnumerateArray().Select(id => id.GetGuid());
        Assert.Equal([stays], left);
    }

    [Fact]
    public async Task The_list_is_searched_sorted_and_paged()
    {
        var mark = Guid.NewGuid().ToString("N");
        foreach (var letter in new[] { "b", "C", "a" }) await Admin.AddWorkspaceAsync($"{letter} {mark}");

        async Task<string[]> NamesAsync(string query) =>
            [.. (await Admin.ReadAsync($"{Address}?search={mark.ToUpperInvariant()}&{query}")).Items().Select(row => row.Text("name")[..1])];

        Assert.Equal(["a", "b", "C"], await NamesAsync("sort=name"));
        Assert.Equal(["C", "b", "a"], await NamesAsync("sort=-name"));
        Assert.Equal(["C"], await NamesAsync("page=2&page_size=2"));
        Assert.Empty(await NamesAsync("page=3&page_size=2"));
        Assert.Equal(3, (await Admin.ReadAsync($"{Address}?search={mark}&page_size=1")).GetProperty("total").GetInt32());
    }

    [Theory]
    [InlineData("page=0", "page")]
    [InlineData("page=x", "page")]
    [InlineData("page_size=201", "page_size")]
    [InlineData("page_size=0", "page_size")]
    [InlineData("sort=phone", "sort")]
    public async Task A_query_that_makes_no_sense_is_refused_by_name(string query, string field) =>
        await (await Admin.GetAsync($"{Address}?{query}")).ProblemAsync(HttpStatusCode.BadRequest, "invalid", field);

    public sealed class OnSqlite(SqliteApp app) : WorkspaceTests(app);

    public sealed class OnPostgreSql(PostgreSqlApp app) : WorkspaceTests(app);

    public sealed class OnSqlServer(SqlServerApp app) : WorkspaceTests(app);
}
