using System.Net;
using System.Text.Json;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.LegacyKeys.Migration;

public abstract class PlanTests(SharedApp shared) : AppTests(shared)
{
    [Fact]
    public async Task A_raw_key_is_linked_assigned_or_created_by_the_keys_that_have_its_value()
    {
        var (here, there) = (await Admin.AddWorkspaceAsync(), await Admin.AddWorkspaceAsync());
        var (linked, assigned, alone, shared, done) = (Fresh.Value(), Fresh.Value(), Fresh.Value(), Fresh.Value(), Fresh.Value());
        var key = await Admin.AddKeyToAsync(here.Id(), "tts", linked);
        var other = await Admin.AddKeyToAsync(there.Id(), "tts", assigned);
        foreach (var value in new[] { linked, linked, assigned, alone, shared }) await App.AddHolderAsync(Admin, here.Id(), value);
        await App.AddHolderAsync(Admin, there.Id(), shared);
        await App.Database.SetReferenceAsync(await App.AddHolderAsync(Admin, here.Id(), done), "tts", key);
        await App.AddHolderAsync(Admin, here.Id(), "   ");

        var plan = await Admin.MakePlanAsync(here.Id(), there.Id());

        Assert.Equal((2, 1), plan.Bucket("link"));
        Assert.Equal((1, 1), plan.Bucket("assign_and_link"));
        Assert.Equal((3, 3), plan.Bucket("create"));
        Assert.Equal((0, 0), plan.Bucket("needs_decision"));
        Assert.Equal((1, 1), plan.Bucket("nothing_to_do"));
        await AssertItemAsync(plan, linked, "link", action: "link", key: key, agents: 2);
        await AssertItemAsync(plan, assigned, "assign_and_link", action: "link", key: other);
        Assert.Equal($"{here.Text("name")}-TTS-1", (await AssertItemAsync(plan, alone, "create", action: "create")).Text("key_name"));
        var names = (await Admin.PlanItemsAsync(plan)).Where(item => item.GetProperty("last4").GetString() == shared[^4..]).Select(item => item.Text("key_name")).Distinct();
        Assert.StartsWith("Shared-TTS-", Assert.Single(names), StringComparison.Ordinal);
        await AssertItemAsync(plan, done, "nothing_to_do");

        var read = await Admin.PlanAsync(plan);
        Assert.Equal((6, 2, 0), (read.GetProperty("slots").GetInt32(), read.GetProperty("new_keys").GetInt32(), read.GetProperty("undecided").GetInt32()));
        Assert.Equal(plan.Text("hash"), read.Text("hash"));
    }

    [Fact]
    public async Task What_a_value_does_not_tell_needs_a_decision_and_says_why()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var elsewhere = (await Admin.AddWorkspaceAsync()).Id();
        var (hygiene, unknown, disabled, expired, several) = ($" {Fresh.Value()}", $"{Guid.NewGuid()}", Fresh.Value(), Fresh.Value(), Fresh.Value());
        await DisableAsync(await Admin.AddKeyToAsync(workspace, "tts", disabled));
        await ExpireAsync(await Admin.AddKeyToAsync(workspace, "tts", expired));
        await Admin.AddKeyToAsync(workspace, "tts", several);
        await Admin.AddKeyToAsync(elsewhere, "tts", several);
        var (wrongKind, deleted, notAssigned) = (await Admin.AddKeyToAsync(workspace, "stt"), await Admin.AddKeyToAsync(workspace), await Admin.AddKeyToAsync(elsewhere));
        var (stopped, over, good) = (await Admin.AddKeyToAsync(workspace), await Admin.AddKeyToAsync(workspace), await Admin.AddKeyToAsync(workspace));
        await (await Admin.DeleteAsync($"/api/v1/keys/{deleted}")).ReadAsync(HttpStatusCode.NoContent);
        await DisableAsync(stopped);
        await ExpireAsync(over);
        string[] values = [hygiene, unknown, disabled, expired, several, $"{wrongKind}", $"{deleted}", $"{notAssigned}", $"{stopped}", $"{over}", $"{good}".ToUpperInvariant()];
        foreach (var value in values) await App.AddHolderAsync(Admin, workspace, value);

        var plan = await Admin.MakePlanAsync(workspace);

        Assert.Equal((10, 10), plan.Bucket("needs_decision"));
        await AssertItemAsync(plan, hygiene, "needs_decision", "hygiene", ["surrounding_blanks"]);
        await AssertItemAsync(plan, unknown, "needs_decision", "unknown_id", ["unknown_id"]);
        await AssertItemAsync(plan, disabled, "needs_decision", "disabled", []);
        await AssertItemAsync(plan, expired, "needs_decision", "expired", []);
        await AssertItemAsync(plan, several, "needs_decision", "several_keys", []);
        await AssertItemAsync(plan, $"{wrongKind}", "needs_decision", "wrong_kind", ["names_key"]);
        await AssertItemAsync(plan, $"{deleted}", "needs_decision", "deleted", ["names_key"]);
        await AssertItemAsync(plan, $"{notAssigned}", "needs_decision", "not_assigned", ["names_key"]);
        await AssertItemAsync(plan, $"{stopped}", "needs_decision", "disabled", ["names_key"]);
        await AssertItemAsync(plan, $"{over}", "needs_decision", "expired", ["names_key"]);
        // The id of a key that its workspace may use, in whatever case it was typed, is as good as a reference.
        await AssertItemAsync(plan, $"{good}".ToUpperInvariant(), "link", findings: ["names_key"], action: "link", key: good);
        Assert.Equal((1, 10), ((await Admin.PlanAsync(plan)).GetProperty("slots").GetInt32(), (await Admin.PlanAsync(plan)).GetProperty("undecided").GetInt32()));
    }

    [Fact]
    public async Task Where_references_alone_are_read_there_is_nothing_to_do_and_it_says_why()
    {
        var workspace = await Admin.AddWorkspaceInAsync(Arranged.ReferencesOnly);
        var (known, raw) = (Fresh.Value(), Fresh.Value());
        await Admin.AddKeyToAsync(workspace, "tts", known);
        await App.AddHolderAsync(Admin, workspace, known);
        var agent = await App.AddHolderAsync(Admin, workspace, raw);

        var plan = await Admin.MakePlanAsync(workspace);

        Assert.Equal((2, 2), plan.Bucket("nothing_to_do"));
        await AssertItemAsync(plan, known, "nothing_to_do", "references_only");
        var item = await AssertItemAsync(plan, raw, "nothing_to_do", "references_only");
        Assert.Equal(agent, (await Admin.ReadAsync($"/api/v1/migration/plans/{plan.Id()}/items/{item.Number("number")}/agents")).Items().Single().Id());
        await (await Admin.DecideAsync(plan, item.About("create"))).ProblemAsync(HttpStatusCode.BadRequest, field: "decisions[0].fingerprint");
    }

    [Fact]
    public async Task A_value_that_looks_wrong_and_has_a_key_is_linked_to_it_all_the_same()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        const string Short = "short-key-1";
        var key = await Admin.AddKeyToAsync(workspace, "tts", Short);
        await App.AddHolderAsync(Admin, workspace, Short);

        var item = Assert.Single(await Admin.PlanItemsAsync(await Admin.MakePlanAsync(workspace)));

        Assert.Equal(("link", key, JsonValueKind.Null), (item.Text("bucket"), item.Id("key_id"), item.GetProperty("last4").ValueKind));
        Assert.Equal(["too_short"], Findings(item));
    }

    [Fact]
    public async Task Proposed_names_are_new_and_fit()
    {
        var name = Fresh.Name("Ünique " + new string('w', 57));
        var workspace = (await Admin.AddWorkspaceAsync(name[..95])).Id();
        await Admin.AddKeyAsync(name: $"{name[..94]}-TTS-1".ToUpperInvariant());
        foreach (var value in new[] { Fresh.Value(), Fresh.Value() }) await App.AddHolderAsync(Admin, workspace, value);
        await App.AddHolderAsync(Admin, workspace, Fresh.Value(), "stt");

        var names = (await Admin.PlanItemsAsync(await Admin.MakePlanAsync(workspace), "sort=key_name")).Select(item => item.Text("key_name")).ToArray();

        Assert.Equal([$"{name[..94]}-STT-1", $"{name[..94]}-TTS-2", $"{name[..94]}-TTS-3"], names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Items_are_filtered_searched_paged_and_expanded_to_their_agents()
    {
        var (here, there) = (await Admin.AddWorkspaceAsync(), await Admin.AddWorkspaceAsync());
        var (value, other) = (Fresh.Value(), Fresh.Value());
        var agents = new[] { await App.AddHolderAsync(Admin, here.Id(), value), await App.AddHolderAsync(Admin, here.Id(), value) };
        await App.Database.SetLegacyAsync(agents[0], "stt", other);
        await App.AddHolderAsync(Admin, there.Id(), $"\"{other}\"");
        var plan = await Admin.MakePlanAsync(here.Id(), there.Id());

        Assert.Equal(["create", "create"], (await Admin.PlanItemsAsync(plan, "bucket=create")).Select(item => item.Text("bucket")));
        Assert.Equal(there.Id(), Assert.Single(await Admin.PlanItemsAsync(plan, $"workspace_id={there.Id()}")).Id("workspace_id"));
        Assert.Equal("stt", Assert.Single(await Admin.PlanItemsAsync(plan, "kind=stt")).Text("kind"));
        Assert.Equal("hygiene", Assert.Single(await Admin.PlanItemsAsync(plan, "undecided=true")).Text("problem"));
        Assert.Equal(2, (await Admin.PlanItemsAsync(plan, $"search={here.Text("name").ToUpperInvariant()}")).Count);
        Assert.Single(await Admin.PlanItemsAsync(plan, $"search={value[^4..]}"));
        var page = await Admin.ReadAsync($"/api/v1/migration/plans/{plan.Id()}/items?page=2&page_size=2&sort=-agents");
        Assert.Equal((3, 1), (page.GetProperty("total").GetInt32(), page.Items().Count));

        var item = await Admin.PlanItemAsync(plan, value);
        var address = $"/api/v1/migration/plans/{plan.Id()}/items/{item.GetProperty("number").GetInt32()}";
        Assert.Equal(item.GetRawText(), (await Admin.ReadAsync(address)).GetRawText());
        Assert.Equal(agents.Order(), (await Admin.ReadAsync($"{address}/agents")).Items().Select(agent => agent.Id()).Order());
        Assert.Single((await Admin.ReadAsync($"{address}/agents?page_size=1&page=2")).Items());
        await (await Admin.DeleteAsync($"/api/v1/agents/{agents[1]}")).ReadAsync(HttpStatusCode.NoContent);
        Assert.Contains((await Admin.ReadAsync($"{address}/agents")).Items(), agent => agent.Id() == agents[1] && agent.GetProperty("name").ValueKind == JsonValueKind.Null);

        await (await Admin.GetAsync($"/api/v1/migration/plans/{plan.Id()}/items?bucket=none")).ProblemAsync(HttpStatusCode.BadRequest, field: "bucket");
        await (await Admin.GetAsync($"/api/v1/migration/plans/{plan.Id()}/items/99")).ProblemAsync(HttpStatusCode.NotFound);
        await (await Admin.GetAsync($"/api/v1/migration/plans/{Guid.NewGuid()}/items")).ProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_bucket_is_downloaded_for_spreadsheets_without_values_and_without_formulas()
    {
        var workspace = await Admin.AddWorkspaceAsync($"=cmd {Guid.NewGuid():N}");
        var value = Fresh.Value();
        await App.AddHolderAsync(Admin, workspace.Id(), value);
        await App.AddHolderAsync(Admin, workspace.Id(), $"'{Fresh.Value()}'");
        var plan = await Admin.MakePlanAsync(workspace.Id());

        using var answer = await Admin.GetAsync($"/api/v1/migration/plans/{plan.Id()}/items.csv?bucket=create");
        var lines = (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).TrimEnd().Split("\r\n");

        Assert.Equal("text/csv", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("number,workspace,", lines[0].TrimStart('\uFEFF'), StringComparison.Ordinal);
        var item = await Admin.PlanItemAsync(plan, value);
        Assert.Contains($",'{workspace.Text("name")},{workspace.Id()},tts,...{value[^4..]},{item.Text("fingerprint")},1,create,,,create,,", lines[1], StringComparison.Ordinal);
        Assert.DoesNotContain(value[3..^4], lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_agents_and_keys_give_the_same_hash_and_others_another()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var value = Fresh.Value();
        var agent = await App.AddHolderAsync(Admin, workspace, value);

        var first = (await Admin.MakePlanAsync(workspace)).Text("hash");
        Assert.Matches("^[0-9a-f]{64}$", first);
        Assert.Equal(first, (await Admin.MakePlanAsync(workspace)).Text("hash"));

        await App.AddHolderAsync(Admin, workspace, value);
        var larger = (await Admin.MakePlanAsync(workspace)).Text("hash");
        await App.Database.SetLegacyAsync(agent, "tts", Fresh.Value());
        var changed = (await Admin.MakePlanAsync(workspace)).Text("hash");
        await Admin.AddKeyToAsync(workspace, "tts", value);
        var linked = (await Admin.MakePlanAsync(workspace)).Text("hash");
        Assert.Equal(4, new[] { first, larger, changed, linked }.Distinct().Count());
    }

    [Fact]
    public async Task A_plan_needs_workspaces_that_there_are()
    {
        await (await Admin.PostAsync("/api/v1/migration/plans", new { workspace_ids = Array.Empty<Guid>() })).ProblemAsync(HttpStatusCode.BadRequest, field: "workspace_ids");
        await (await Admin.PostAsync("/api/v1/migration/plans", new { workspace_ids = new[] { Guid.NewGuid() } })).ProblemAsync(HttpStatusCode.BadRequest, field: "workspace_ids");

        var empty = await Admin.MakePlanAsync((await Admin.AddWorkspaceAsync()).Id());
        Assert.Empty(await Admin.PlanItemsAsync(empty));
        Assert.Contains((await Admin.ReadAsync("/api/v1/migration/plans?page_size=200")).Items(), plan => plan.Id() == empty.Id());
        Assert.Contains(await Admin.ActivityOfAsync(empty.Id()), entry => entry.Text("action") == "plan_made");
    }

    private async Task<JsonElement> AssertItemAsync(
        JsonElement plan, string value, string bucket, string? problem = null, string[]? findings = null, string? action = null, Guid? key = null, int agents = 1)
    {
        var item = await Admin.PlanItemAsync(plan, value);
        Assert.Equal((bucket, problem, action, agents), (item.Text("bucket"), item.Text("problem"), item.Text("action"), item.GetProperty("agents").GetInt32()));
        Assert.Equal(key?.ToString(), item.Text("key_id"));
        if (findings is not null) Assert.Equal(findings, Findings(item));
        Assert.False(item.GetProperty("decided").GetBoolean());
        return item;
    }

    private static IEnumerable<string?> Findings(JsonElement item) => item.GetProperty("findings").EnumerateArray().Select(finding => finding.GetString());

    private async Task DisableAsync(Guid key) => await (await Admin.PostAsync($"/api/v1/keys/{key}/disable", new { })).ReadAsync();

    private async Task ExpireAsync(Guid key) => await (await Admin.PatchAsync($"/api/v1/keys/{key}", new { expires_at = "2020-01-01T00:00:00Z", version = 1 })).ReadAsync();

    public sealed class OnSqlite(SqliteApp app) : PlanTests(app);

    public sealed class OnPostgreSql(PostgreSqlApp app) : PlanTests(app);

    public sealed class OnSqlServer(SqlServerApp app) : PlanTests(app);
}
