using System.Net;
using KeyVaultApp.Domain;
using KeyVaultApp.IntegrationTests.Access;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Workspaces;

/// <summary>Pages that offer workspaces, where there are two thousand: they stay small, and every workspace can be had all the same.</summary>
public abstract class ManyWorkspacesTests(SharedApp shared) : AppTests(shared)
{
    private const int Most = 2000;
    private const int LargestPage = 64 * 1024;
    private const string Typed = "more_workspaces";

    private static readonly string[] Pages =
    [
        "/keys", "/keys/new", "/agents", "/agents/new", "/workspaces", "/settings/users/new", "/settings/tokens/new", "/migration/plans/new", "/migration/shadow-check", "/key-audit", "/activity", "/rollout",
    ];

    [Fact]
    public async Task Pages_stay_small_and_keep_what_was_chosen()
    {
        var last = await AddAsync();
        using var admin = await App.AdminAsync();

        foreach (var path in Pages)
        {
            var page = await admin.OpenAsync(path);
            Assert.True(page.Length < LargestPage, $"{path} has {page.Length} characters.");
        }

        foreach (var path in new[] { $"/keys?workspace_id={last}", $"/keys/new?workspace_id={last}", $"/agents?workspace_id={last}", $"/key-audit?workspace_id={last}", $"/activity?workspace_id={last}" })
            AssertChosen(last, await admin.OpenAsync(path));
    }

    [Fact]
    public async Task Forms_take_a_workspace_by_its_name_and_show_it_chosen_when_they_come_back()
    {
        var last = await AddAsync();
        var name = (await Admin.ReadAsync($"/api/v1/workspaces/{last}")).Text("name");
        using var admin = await App.AdminAsync();
        await admin.OpenAsync("/settings/users/new");

        (string Path, (string, string)[] Fields)[] refused =
        [
            ("/settings/users/new", [("email", "nobody"), ("role", "user"), ("password", Panel.Password)]),
            ("/settings/tokens/new", [("name", ""), ("role", "resolver")]),
            ("/keys/new", [("name", ""), ("kind", "tts"), ("value", Fresh.Value()), ("skip_test", "true")]),
        ];
        foreach (var (path, fields) in refused)
        {
            var again = await admin.PostAsync(path, [(Typed, $"{name.ToUpperInvariant()}\r\n"), .. fields]);
            Assert.Equal(HttpStatusCode.BadRequest, again.StatusCode);
            AssertChosen(last, await again.TextAsync());
        }

        var key = Unique("Key");
        await ThroughAsync(admin.PostAsync("/keys/new", (Typed, name), ("name", key), ("kind", "tts"), ("value", Fresh.Value()), ("skip_test", "true")));
        Assert.Equal([last], (await Admin.ReadAsync($"/api/v1/keys?search={key}")).Items().Single().GetProperty("workspace_ids").EnumerateArray().Select(id => id.GetGuid()));

        var email = $"{Guid.NewGuid():N}@example.com";
        await ThroughAsync(admin.PostAsync("/settings/users/new", (Typed, name), ("email", email), ("role", "user"), ("password", Panel.Password)));
        var user = await App.UserIdAsync(email);
        AssertChosen(last, await admin.OpenAsync($"/settings/users/{user}"));

        await ThroughAsync(admin.PostAsync("/migration/plans/new", (Typed, last.ToString()), ("scope", "some")));
    }

    [Fact]
    public async Task A_name_that_no_workspace_has_comes_back_to_be_mended()
    {
        await AddAsync();
        var key = await Admin.AddKeyAsync();
        using var admin = await App.AdminAsync();
        await admin.OpenAsync("/keys/new");

        (string Path, (string, string)[] Fields)[] forms =
        [
            ("/keys/new", [("name", Unique("Key")), ("kind", "tts"), ("value", Fresh.Value()), ("skip_test", "true")]),
            ("/settings/tokens/new", [("name", Unique("Token")), ("role", "resolver")]),
            ("/migration/plans/new", [("scope", "some")]),
            ("/keys/assign/review", [("key_ids", key.Id().ToString())]),
        ];
        foreach (var (path, fields) in forms)
        {
            var page = await (await admin.PostAsync(path, [(Typed, "Nowhere at all"), .. fields])).TextAsync();
            Assert.Contains("Nowhere at all</textarea>", page, StringComparison.Ordinal);
            Assert.Contains("field-error", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_is_typed_into_a_picker_finds_all_of_them()
    {
        var last = await AddAsync();
        using var admin = await App.AdminAsync();

        // As site.js asks: with the cookie alone.
        var answer = await admin.SendAsync(HttpMethod.Get, "/api/v1/workspaces?page_size=50&search=ZZ+last");

        Assert.Contains(last, (await answer.ReadAsync()).Items().Select(workspace => workspace.Id()));
        Assert.Contains("data-search=\"/api/v1/workspaces\"", await admin.OpenAsync("/agents"), StringComparison.Ordinal);
    }

    /// <returns>The last by name.</returns>
    private async Task<Guid> AddAsync()
    {
        await using var db = App.Database.Context();
        if ((await Admin.ReadAsync("/api/v1/workspaces?page_size=1")).GetProperty("total").GetInt32() < Most)
        {
            db.Workspaces.AddRange(Enumerable.Range(1, Most).Select(number => new Workspace(Guid.CreateVersion7(), $"Workspace {number:D5} of a customer with a name", DateTimeOffset.UtcNow)));
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        return (await Admin.AddWorkspaceAsync(Unique("ZZ last"))).Id();
    }

    private static void AssertChosen(Guid workspace, string page) =>
        Assert.Contains($"<option value=\"{workspace}\" selected=\"selected\">", page, StringComparison.Ordinal);

    private static async Task ThroughAsync(Task<HttpResponseMessage> sent)
    {
        var answer = await sent;
        Assert.True(answer.StatusCode == HttpStatusCode.Redirect, $"{(int)answer.StatusCode}: {await answer.TextAsync()}");
    }

    public sealed class OnSqlite(SqliteApp app) : ManyWorkspacesTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgreSql(PostgreSqlApp app) : ManyWorkspacesTests(app), IClassFixture<PostgreSqlApp>;

    public sealed class OnSqlServer(SqlServerApp app) : ManyWorkspacesTests(app), IClassFixture<SqlServerApp>;
}
