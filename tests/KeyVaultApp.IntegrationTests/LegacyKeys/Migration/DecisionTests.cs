using System.Net;
using System.Text.Json;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.LegacyKeys.Migration;

public abstract class DecisionTests(SharedApp shared) : AppTests(shared)
{
    [Fact]
    public async Task Decisions_change_what_a_run_does_and_the_hash_and_are_logged()
    {
        var (here, there) = ((await Admin.AddWorkspaceAsync()).Id(), (await Admin.AddWorkspaceAsync()).Id());
        var (renamed, linked, left, cleaned) = (Fresh.Value(), Fresh.Value(), Fresh.Value(), $" {Fresh.Value()}");
        foreach (var value in new[] { renamed, linked, left, cleaned }) await App.AddHolderAsync(Admin, here, value);
        await App.AddHolderAsync(Admin, there, renamed);
        var key = await Admin.AddKeyToAsync(there);
        var plan = await Admin.MakePlanAsync(here, there);
        var name = Fresh.Name("Main");

        var answer = await (await Admin.DecideAsync(
            plan,
            (await Admin.PlanItemAsync(plan, renamed, here)).About("create", name: name),
            (await Admin.PlanItemAsync(plan, linked)).About("link", key: key),
            (await Admin.PlanItemAsync(plan, left)).About("leave"),
            (await Admin.PlanItemAsync(plan, cleaned)).About("create"))).ReadAsync();

        Assert.NotEqual(plan.Text("hash"), answer.Text("hash"));
        Assert.Equal((answer.Text("hash"), 0), ((await Admin.PlanAsync(plan)).Text("hash"), (await Admin.PlanAsync(plan)).GetProperty("undecided").GetInt32()));
        Assert.Equal(("create", name, true), Decided(await Admin.PlanItemAsync(plan, renamed, here)));
        Assert.Equal(("create", name, true), Decided(await Admin.PlanItemAsync(plan, renamed, there)));
        Assert.Equal(key, (await Admin.PlanItemAsync(plan, linked)).Id("key_id"));
        Assert.Equal("leave", (await Admin.PlanItemAsync(plan, left)).Text("action"));
        Assert.NotNull((await Admin.PlanItemAsync(plan, cleaned)).Text("key_name"));
        // As it was found it stays: a decision is not a finding.
        Assert.Equal(plan.GetProperty("counts").GetRawText(), (await Admin.PlanAsync(plan)).GetProperty("counts").GetRawText());
        var entry = Assert.Single(await Admin.ActivityOfAsync(plan.Id()), entry => entry.Text("action") == "plan_decided");
        Assert.Equal((plan.Text("hash"), answer.Text("hash")), (entry.GetProperty("before").Text("hash"), entry.GetProperty("after").Text("hash")));
    }

    [Fact]
    public async Task The_same_decisions_give_the_same_hash_and_none_but_what_changes_is_logged()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var value = Fresh.Value();
        await App.AddHolderAsync(Admin, workspace, value);
        var (one, two) = (await Admin.MakePlanAsync(workspace), await Admin.MakePlanAsync(workspace));
        var item = await Admin.PlanItemAsync(one, value);

        var left = (await (await Admin.DecideAsync(one, item.About("leave"))).ReadAsync()).Text("hash");
        Assert.Equal(left, (await (await Admin.DecideAsync(two, item.About("leave"))).ReadAsync()).Text("hash"));
        Assert.Equal(left, (await (await Admin.DecideAsync(two, item.About("leave"))).ReadAsync()).Text("hash"));
        Assert.Equal(one.Text("hash"), (await (await Admin.DecideAsync(one, item.About("create", name: item.Text("key_name")))).ReadAsync()).Text("hash"));
        Assert.Single(await Admin.ActivityOfAsync(two.Id()), entry => entry.Text("action") == "plan_decided");
    }

    [Fact]
    public async Task A_key_is_decided_about_in_one_workspace_alone()
    {
        var (here, there) = ((await Admin.AddWorkspaceAsync()).Id(), (await Admin.AddWorkspaceAsync()).Id());
        var value = Fresh.Value();
        foreach (var workspace in new[] { here, there }) await App.AddHolderAsync(Admin, workspace, value);
        var key = await Admin.AddKeyToAsync(here);
        var plan = await Admin.MakePlanAsync(here, there);
        var item = await Admin.PlanItemAsync(plan, value, here);

        await (await Admin.DecideAsync(plan, item.About("link", workspace: here, key: key))).ReadAsync();
        Assert.Equal((key, "link"), ((await Admin.PlanItemAsync(plan, value, here)).Id("key_id"), (await Admin.PlanItemAsync(plan, value, here)).Text("action")));
        Assert.Equal(("create", item.Text("key_name"), false), Decided(await Admin.PlanItemAsync(plan, value, there)));

        // One key has one name, wherever the plan makes it.
        await RefusedAsync(plan, "decisions[0].name", item.About("create", workspace: here, name: Fresh.Name("Other")));
        var name = Fresh.Name("Both");
        await (await Admin.DecideAsync(plan, item.About("create", workspace: here, name: name), item.About("create", workspace: there, name: name))).ReadAsync();
        Assert.Equal(("create", name, true), Decided(await Admin.PlanItemAsync(plan, value, there)));
    }

    [Fact]
    public async Task A_wrong_decision_is_named_by_its_place_and_none_is_taken()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var (value, other, id) = (Fresh.Value(), Fresh.Value(), await Admin.AddKeyToAsync(workspace));
        foreach (var held in new[] { value, other, $"{id}" }) await App.AddHolderAsync(Admin, workspace, held);
        var (good, wrongKind, disabled, expired) = (await Admin.AddKeyToAsync(workspace), await Admin.AddKeyToAsync(workspace, "stt"), await Admin.AddKeyToAsync(workspace), await Admin.AddKeyToAsync(workspace));
        await (await Admin.PostAsync($"/api/v1/keys/{disabled}/disable", new { })).ReadAsync();
        await (await Admin.PatchAsync($"/api/v1/keys/{expired}", new { expires_at = "2020-01-01T00:00:00Z", version = 1 })).ReadAsync();
        var taken = (await Admin.AddKeyAsync()).Text("name");
        var plan = await Admin.MakePlanAsync(workspace);
        var (one, two, named) = (await Admin.PlanItemAsync(plan, value), await Admin.PlanItemAsync(plan, other), await Admin.PlanItemAsync(plan, $"{id}"));
        var fine = two.About("leave");

        foreach (var key in new[] { Guid.NewGuid(), wrongKind, disabled, expired }) await RefusedAsync(plan, "decisions[1].key_id", fine, one.About("link", key: key));
        await RefusedAsync(plan, "decisions[1].key_id", fine, one.About("link"));
        await RefusedAsync(plan, "decisions[1].key_id", fine, one.About("create", key: good));
        foreach (var name in new[] { "", "  ", new string('x', 101), "a\u202Eb", taken.ToUpperInvariant(), two.Text("key_name") })
            await RefusedAsync(plan, "decisions[0].name", one.About("create", name: name), named.About("leave"));
        await RefusedAsync(plan, "decisions[0].name", one.About("leave", name: "Name"));
        await RefusedAsync(plan, "decisions[0].action", named.About("create"));
        await RefusedAsync(plan, "decisions[0].workspace_id", one.About("leave", workspace: Guid.NewGuid()));
        await RefusedAsync(plan, "decisions[2]", one.About("leave"), fine, one.About("link", key: good));
        await RefusedAsync(plan, "decisions[1]", one.About("leave"), one.About("create", workspace: workspace));
        await RefusedAsync(plan, "decisions[0].fingerprint", new { kind = "stt", fingerprint = one.Text("fingerprint"), action = "leave" });
        await RefusedAsync(plan, "decisions[0].fingerprint", new { kind = "tts", fingerprint = value, action = "leave" });
        await RefusedAsync(plan, "decisions[0].kind", new { fingerprint = one.Text("fingerprint"), action = "leave" });
        await RefusedAsync(plan, "decisions[1].kind", fine, new { kind = "other", fingerprint = one.Text("fingerprint"), action = "leave" });
        await RefusedAsync(plan, "decisions[0].action", new { kind = "tts", fingerprint = one.Text("fingerprint") });
        await RefusedAsync(plan, "decisions");
        await (await Admin.DecideAsync(plan, (object)null!)).ProblemAsync(HttpStatusCode.BadRequest, field: "decisions");

        Assert.Equal(plan.Text("hash"), (await Admin.PlanAsync(plan)).Text("hash"));
        Assert.Equal([false, false, false], (await Admin.PlanItemsAsync(plan)).Select(item => item.GetProperty("decided").GetBoolean()));
        await (await Admin.DecideAsync(plan, fine, two.About("leave", workspace: workspace), one.About("link", key: good), named.About("link", key: good))).ReadAsync();
        Assert.NotEqual(plan.Text("hash"), (await Admin.PlanAsync(plan)).Text("hash"));
    }

    [Fact]
    public async Task Names_may_change_places()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var (value, other) = (Fresh.Value(), Fresh.Value());
        foreach (var held in new[] { value, other }) await App.AddHolderAsync(Admin, workspace, held);
        var plan = await Admin.MakePlanAsync(workspace);
        var (one, two) = (await Admin.PlanItemAsync(plan, value), await Admin.PlanItemAsync(plan, other));

        await (await Admin.DecideAsync(plan, one.About("create", name: two.Text("key_name")), two.About("create", name: one.Text("key_name")))).ReadAsync();

        Assert.Equal(two.Text("key_name"), (await Admin.PlanItemAsync(plan, value)).Text("key_name"));
    }

    [Fact]
    public async Task A_plan_that_moved_or_was_run_takes_no_decision()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var value = Fresh.Value();
        await App.AddHolderAsync(Admin, workspace, value);
        var plan = await Admin.MakePlanAsync(workspace);
        var item = await Admin.PlanItemAsync(plan, value);
        Task<HttpResponseMessage> Decide(string hash, string action) =>
            Admin.PutAsync($"/api/v1/migration/plans/{plan.Id()}/decisions", new { plan_hash = hash, decisions = new[] { item.About(action) } });

        var moved = (await (await Decide(plan.Text("hash"), "leave")).ReadAsync()).Text("hash");
        await (await Decide(plan.Text("hash"), "create")).ProblemAsync(HttpStatusCode.Conflict, "plan_changed");
        await AddRunAsync(plan.Id());
        await (await Decide(moved, "create")).ProblemAsync(HttpStatusCode.Conflict, "plan_has_run");

        Assert.Equal((moved, true), ((await Admin.PlanAsync(plan)).Text("hash"), (await Admin.PlanAsync(plan)).GetProperty("has_run").GetBoolean()));
        await (await Admin.DecideAsync(await Admin.MakePlanAsync(workspace), item.About("create"))).ReadAsync();
        await (await Admin.PutAsync($"/api/v1/migration/plans/{Guid.NewGuid()}/decisions", new { decisions = new[] { item.About("leave") } })).ProblemAsync(HttpStatusCode.NotFound);
    }

    private async Task RefusedAsync(JsonElement plan, string field, params object[] decisions)
    {
        var problem = await (await Admin.DecideAsync(plan, decisions)).ProblemAsync(HttpStatusCode.BadRequest, field: field);
        Assert.Single(problem.GetProperty("errors").EnumerateObject());
    }

    private async Task AddRunAsync(Guid plan)
    {
        await using var context = App.Database.Context();
        context.MigrationRuns.Add(new() { Id = Guid.CreateVersion7(), PlanId = plan, CreatedAt = DateTimeOffset.UnixEpoch, CreatedByKind = Domain.ActorKind.CommandLine, CreatedBy = "ada", State = Domain.RunState.Completed, Total = 1 });
        await context.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    private static (string, string, bool) Decided(JsonElement item) => (item.Text("action"), item.Text("key_name"), item.GetProperty("decided").GetBoolean());

    public sealed class OnSqlite(SqliteApp app) : DecisionTests(app);

    public sealed class OnPostgreSql(PostgreSqlApp app) : DecisionTests(app);

    public sealed class OnSqlServer(SqlServerApp app) : DecisionTests(app);
}
