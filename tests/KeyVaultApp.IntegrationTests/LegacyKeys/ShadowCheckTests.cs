using System.Net;
using System.Text.Json;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.LegacyKeys;

public abstract class ShadowCheckTests(SharedApp shared) : AppTests(shared)
{
    [Fact]
    public async Task Slots_with_both_are_compared_and_the_differing_ones_say_why()
    {
        var workspace = await Admin.AddWorkspaceInAsync(Arranged.DirectKeys);
        var (old, now, other) = (Fresh.Value(), Fresh.Value(), Fresh.Value());
        var key = await Admin.AddKeyToAsync(workspace, "tts", old);
        await (await Admin.PostAsync($"/api/v1/keys/{key}/versions", new { value = now, version = 1 })).ReadAsync(HttpStatusCode.Created);
        var same = (await Admin.AddAgentAsync(workspace, ("tts_key", now), ("selected_tts_key_id", key))).Id();
        var byId = (await Admin.AddAgentAsync(workspace, ("selected_tts_key_id", key))).Id();
        await App.Database.SetLegacyAsync(byId, "tts", key.ToString().ToUpperInvariant());
        var replaced = (await Admin.AddAgentAsync(workspace, ("tts_key", old), ("selected_tts_key_id", key))).Id();
        var picked = (await Admin.AddAgentAsync(workspace, ("name", "=1+1"), ("tts_key", other), ("selected_tts_key_id", key))).Id();
        await Admin.AddAgentAsync(workspace, ("tts_key", other));
        await Admin.AddAgentAsync(workspace, ("selected_tts_key_id", key));

        var found = await Admin.ReadAsync($"/api/v1/migration/shadow-check?workspace_id={workspace}");

        Assert.Equal((2, 2, 1, 1), (Number(found, "same"), Number(found, "different"), Number(found, "replaced_since"), Number(found, "other_key_picked")));
        Assert.Equal(
            new Dictionary<Guid, (string, string)> { [replaced] = ("replaced_since", old[^4..]), [picked] = ("other_key_picked", other[^4..]) },
            found.Items().ToDictionary(slot => slot.Id("agent_id"), slot => (slot.Text("why"), slot.Text("legacy_last4"))));
        Assert.DoesNotContain(same, found.Items().Select(slot => slot.Id("agent_id")));
        var second = await Admin.ReadAsync($"/api/v1/migration/shadow-check?workspace_id={workspace}&page=2&page_size=1");
        Assert.Equal((2, 1), (Number(second, "total"), second.Items().Count));

        var file = await TextAsync($"/api/v1/migration/shadow-check.csv?workspace_id={workspace}");
        Assert.Contains(",'=1+1,", file, StringComparison.Ordinal);
        var page = await TextAsync($"/migration/shadow-check?workspace_id={workspace}");
        Assert.Contains("the picked key was replaced since", page, StringComparison.Ordinal);
        foreach (var value in new[] { old, now, other }) Assert.DoesNotContain(value, file + page + found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_verb_takes_a_workspace_by_name_and_an_unknown_one_is_no_such_workspace()
    {
        var workspace = await Admin.AddWorkspaceAsync();
        var said = (await App.CliAsync("migrate", "shadow-check", "--workspace", workspace.Text("name"))).Expect(0);
        Assert.Contains("0 slots the same key, 0 not", said.Output, StringComparison.Ordinal);

        await (await Admin.GetAsync($"/api/v1/migration/shadow-check?workspace_id={Guid.NewGuid()}")).ProblemAsync(HttpStatusCode.NotFound, "not_found");
        await (await Admin.GetAsync("/api/v1/migration/shadow-check?workspace_id=x")).ProblemAsync(HttpStatusCode.BadRequest, "invalid", "workspace_id");
    }

    private static int Number(JsonElement answer, string member) => answer.GetProperty(member).GetInt32();

    private async Task<string> TextAsync(string path)
    {
        await App.Database.OpenPanelAsync();
        using var answer = await Admin.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    public sealed class OnSqlite(SqliteApp app) : ShadowCheckTests(app);

    public sealed class OnPostgreSql(PostgreSqlApp app) : ShadowCheckTests(app);

    public sealed class OnSqlServer(SqlServerApp app) : ShadowCheckTests(app);
}
