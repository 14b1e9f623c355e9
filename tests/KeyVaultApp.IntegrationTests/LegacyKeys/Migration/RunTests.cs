using System.Net;
using System.Text.Json;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.LegacyKeys.Migration;

/// <summary>A plan is carried out exactly as it stands, and what changed since is left alone and told.</summary>
public abstract class RunTests(SharedApp shared) : AppTests(shared)
{
    [Fact]
    public async Task Run_links_makes_and_assigns_what_the_plan_says_and_no_answer_changes()
    {
        var (here, there) = ((await Admin.AddWorkspaceAsync()).Id(), (await Admin.AddWorkspaceAsync()).Id());
        var (known, raw) = (Fresh.Value(), Fresh.Value());
        var key = await Admin.AddKeyToAsync(here, "tts", known);
        var linked = await App.AddHolderAsync(Admin, here, known);
        var assigned = await App.AddHolderAsync(Admin, there, known);
        Guid[] created = [await App.AddHolderAsync(Admin, here, raw), await App.AddHolderAsync(Admin, there, raw)];
        await App.Database.SetLegacyAsync(created[0], "stt", raw);
        var plan = await Admin.MakePlanAsync(here, there);

        var run = await Admin.RunAsync(plan);

        Assert.Equal(("completed", 5, 5, 5, 0, 0), run.Told());
        Assert.Equal((2, 1), (run.Number("created"), run.Number("assigned")));
        // The workspaces of the plan, whatever else there is.
        Assert.Equal((5, 0), (run.Number("shadow_same"), run.Number("shadow_different")));
        Assert.Equal(plan.Id(), run.Id("plan_id"));
        Assert.True(run.GetProperty("started_at").GetDateTimeOffset() <= run.GetProperty("ended_at").GetDateTimeOffset());
        foreach (var workspace in new[] { here, there }) await (await Admin.PutAsync("/api/v1/rollout", new { phase = Arranged.WithFallback, workspace_id = workspace })).ReadAsync();
        foreach (var (agent, value) in new[] { (linked, known), (assigned, known), (created[0], raw), (created[1], raw) })
        {
            var answer = await (await Resolver.ResolveAsync(agent)).ReadAsync();
            Assert.Equal((value, "reference"), (answer.Text("value"), answer.Text("source")));
            Assert.Equal(value, await App.Database.LegacyAsync(agent, "tts"));
        }

        Assert.Equal(raw, await Resolver.ResolvedValueAsync(created[0], "stt"));
        var items = await Admin.RunItemsAsync(run.Id());
        Assert.Equal(5, items.Count);
        Assert.All(items, item => Assert.Equal(("linked", JsonValueKind.Null), (item.Text("outcome"), item.GetProperty("key_before").ValueKind)));
        Assert.Equal(key, items.Single(item => item.Id("agent_id") == linked).Id("key_after"));
        // One key for both workspaces, sealed and logged as any other.
        var made = items.Where(item => created.Contains(item.Id("agent_id")) && item.Text("kind") == "tts").Select(item => item.Id("key_after")).Distinct().Single();
        Assert.Equal(new[] { here, there }.Order(), (await Admin.ReadAsync($"/api/v1/keys/{made}")).GetProperty("workspace_ids").EnumerateArray().Select(id => id.GetGuid()).Order());
        Assert.Equal(["key_created"], (await Admin.ActivityOfAsync(made)).Select(entry => entry.Text("action")));
        Assert.Equal(["run_completed", "run_started"], (await Admin.ActivityOfAsync(run.Id())).Select(entry => entry.Text("action")));
        Assert.DoesNotContain(raw, JsonSerializer.Serialize(await Admin.ReadAsync($"/api/v1/activity?page_size=200")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Agents_that_changed_since_the_plan_are_left_alone_and_told()
    {
        var (workspace, doomed) = ((await Admin.AddWorkspaceAsync()).Id(), (await Admin.AddWorkspaceAsync()).Id());
        var (value, other) = (Fresh.Value(), Fresh.Value());
        var key = await Admin.AddKeyToAsync(workspace, "tts", value);
        // In batches of two; from the second one on the run knows the value.
        Guid[] stay = [await App.AddHolderAsync(Admin, workspace, value), await App.AddHolderAsync(Admin, workspace, value), await App.AddHolderAsync(Admin, workspace, value)];
        var (edited, picked, deleted) = (
            await App.AddHolderAsync(Admin, workspace, value),
            await App.AddHolderAsync(Admin, workspace, value), await App.AddHolderAsync(Admin, workspace, value));
        var gone = await App.AddHolderAsync(Admin, doomed, Fresh.Value());
        var plan = await Admin.MakePlanAsync(workspace, doomed);
        var mine = await Admin.AddKeyToAsync(workspace);
        await (await Admin.PutAgentAsync(await Admin.ReadAsync($"/api/v1/agents/{edited}"), ("tts_key", other))).ReadAsync();
        await (await Admin.PutAgentAsync(await Admin.ReadAsync($"/api/v1/agents/{picked}"), ("selected_tts_key_id", mine))).ReadAsync();
        (await Admin.DeleteAsync($"/api/v1/agents/{deleted}")).EnsureSuccessStatusCode();
        (await Admin.DeleteAsync($"/api/v1/agents/{gone}")).EnsureSuccessStatusCode();
        (await Admin.DeleteAsync($"/api/v1/workspaces/{doomed}")).EnsureSuccessStatusCode();

        var run = await Admin.RunAsync(plan);

        Assert.Equal(("completed", 7, 7, 3, 4, 0), run.Told());
        Assert.Equal(0, run.Number("created"));
        var items = await Admin.RunItemsAsync(run.Id());
        Assert.All(stay, agent => Assert.Equal(["linked"], items.OutcomesOf(agent)));
        Assert.Equal(["legacy_changed"], items.OutcomesOf(edited));
        Assert.Equal(["already_referenced"], items.OutcomesOf(picked));
        Assert.Equal(["agent_gone"], items.OutcomesOf(deleted));
        Assert.Equal(["agent_gone"], items.OutcomesOf(gone));
        foreach (var agent in stay) Assert.Equal(key, (await Admin.ReadAsync($"/api/v1/agents/{agent}")).Id("selected_tts_key_id"));
        Assert.Equal(mine, (await Admin.ReadAsync($"/api/v1/agents/{picked}")).Id("selected_tts_key_id"));
        Assert.Equal((other, JsonValueKind.Null), (await App.Database.LegacyAsync(edited, "tts"), (await Admin.ReadAsync($"/api/v1/agents/{edited}")).GetProperty("selected_tts_key_id").ValueKind));
        Assert.Equal(2, (await Admin.RunItemsAsync(run.Id(), "agent_gone")).Count);
        const string Outcomes = """{"linked":3,"legacy_changed":1,"already_referenced":1,"agent_gone":2}""";
        Assert.Equal(Outcomes, run.GetProperty("outcomes").GetRawText());
        Assert.Equal(Outcomes, (await Admin.ReadAsync(Runs.Address)).Items().Single(row => row.Id() == run.Id()).GetProperty("outcomes").GetRawText());
        await (await Admin.GetAsync($"{Runs.Address}/{run.Id()}/items?outcome=nonsense")).ProblemAsync(HttpStatusCode.BadRequest, field: "outcome");
        var file = await (await Admin.GetAsync($"{Runs.Address}/{run.Id()}/items.csv")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(9, file.Split("\r\n").Length);
    }

    [Fact]
    public async Task Slots_that_a_run_has_nothing_to_do_with_stay_as_they_are_beside_those_that_it_links()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var (value, second, undecided) = (Fresh.Value(), Fresh.Value(), $"{Guid.NewGuid()}");
        Guid[] agents = [await App.AddHolderAsync(Admin, workspace, value), await App.AddHolderAsync(Admin, workspace, value), await App.AddHolderAsync(Admin, workspace, value)];
        var waiting = await App.AddHolderAsync(Admin, workspace, undecided);
        await App.Database.SetLegacyAsync(agents[0], "stt", second);
        await App.Database.SetLegacyAsync(agents[1], "stt", undecided);
        await App.Database.SetLegacyAsync(agents[2], "stt", second);
        var picked = await Admin.AddKeyToAsync(workspace, "stt");
        var picking = await App.AddHolderAsync(Admin, workspace, value);
        await App.Database.SetReferenceAsync(picking, "stt", picked);
        var plan = await Admin.MakePlanAsync(workspace);

        var run = await Admin.RunAsync(plan);

        Assert.Equal(("completed", 6, 6, 6, 0, 0), run.Told());
        Assert.Equal(2, run.Number("created"));
        Assert.Equal(picked, (await Admin.ReadAsync($"/api/v1/agents/{picking}")).Id("selected_stt_key_id"));
        var items = await Admin.RunItemsAsync(run.Id());
        Assert.Equal(["linked"], items.OutcomesOf(agents[1]));
        Assert.Equal(["linked", "linked"], items.OutcomesOf(agents[2]));
        Assert.Equal(items.Single(item => item.Id("agent_id") == agents[0] && item.Text("kind") == "stt").Id("key_after"), (await Admin.ReadAsync($"/api/v1/agents/{agents[2]}")).Id("selected_stt_key_id"));
        Assert.Equal(JsonValueKind.Null, (await Admin.ReadAsync($"/api/v1/agents/{agents[1]}")).GetProperty("selected_stt_key_id").ValueKind);
        var versions = await App.Database.QueryAsync<int>($"SELECT CAST(version AS INTEGER) AS \"Value\" FROM agents WHERE workspace_id = {workspace} AND id <> {waiting}");
        Assert.All(versions, version => Assert.Equal(2, version));
        Assert.Equal(1, (await Admin.ReadAsync($"/api/v1/agents/{waiting}")).Number("version"));
    }

    [Fact]
    public async Task Run_ends_with_the_numbers_of_the_shadow_check_to_the_letter()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var (value, other) = ($"a{Fresh.Value()}", Fresh.Value());
        var (key, twin, second) = (await Admin.AddKeyToAsync(workspace, "tts", value), await Admin.AddKeyToAsync(workspace, "tts", value), await Admin.AddKeyToAsync(workspace, "tts", other));
        foreach (var held in new[] { value, value, $"A{value[1..]}", $"{value} ", other, " ", $"{key}", $"{twin}", $"{key:N}", $"{second}", $"{Guid.NewGuid()}" })
            await App.Database.SetReferenceAsync(await App.AddHolderAsync(Admin, workspace, held), "tts", key);
        // An old column names a key before it is a value.
        await App.Database.SetReferenceAsync(await App.AddHolderAsync(Admin, workspace, $"{second}"), "tts", await Admin.AddKeyToAsync(workspace, "tts", $"{second}"));
        await App.AddHolderAsync(Admin, workspace, other);

        var run = await Admin.RunAsync(await Admin.MakePlanAsync(workspace));

        Assert.Equal(("completed", 1, 1, 1, 0, 0), run.Told());
        Assert.Equal((5, 7), (run.Number("shadow_same"), run.Number("shadow_different")));
        var check = await Admin.ReadAsync($"/api/v1/migration/shadow-check?workspace_id={workspace}");
        Assert.Equal((5, 7), (check.Number("same"), check.Number("different")));
    }

    [Fact]
    public async Task A_key_that_cannot_be_had_fails_its_slots_with_the_reason_and_the_run_goes_on()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var (off, replaced, taken, fine) = (Fresh.Value(), Fresh.Value(), Fresh.Value(), Fresh.Value());
        var (disabled, changed) = (await Admin.AddKeyToAsync(workspace, "tts", off), await Admin.AddKeyToAsync(workspace, "tts", replaced));
        var holders = new List<Guid>();
        foreach (var value in new[] { off, replaced, taken, fine }) holders.Add(await App.AddHolderAsync(Admin, workspace, value));
        var plan = await Admin.MakePlanAsync(workspace);
        await (await Admin.PostAsync($"/api/v1/keys/{disabled}/disable", new { confirm = true })).ReadAsync();
        await (await Admin.PostAsync($"/api/v1/keys/{changed}/versions", new { value = Fresh.Value(), version = 1, skip_test = true })).ReadAsync(HttpStatusCode.Created);
        await Admin.AddKeyAsync(name: (await Admin.PlanItemAsync(plan, taken)).Text("key_name").ToUpperInvariant());

        var run = await Admin.RunAsync(plan);

        Assert.Equal(("completed", 4, 4, 1, 0, 3), run.Told());
        var items = await Admin.RunItemsAsync(run.Id());
        foreach (var (agent, word) in holders.Zip(["is disabled", "another value", "was taken"]))
        {
            var item = items.Single(row => row.Id("agent_id") == agent);
            Assert.Equal("key_unavailable", item.Text("outcome"));
            Assert.Contains(word, item.Text("reason"), StringComparison.Ordinal);
        }

        Assert.Equal(["linked"], items.OutcomesOf(holders[3]));
    }

    [Fact]
    public async Task A_workspace_that_reads_references_alone_by_now_is_left_as_it_is()
    {
        var (here, there) = (await Admin.AddWorkspaceInAsync(Arranged.WithFallback), await Admin.AddWorkspaceInAsync(Arranged.WithFallback));
        var (known, raw) = (Fresh.Value(), Fresh.Value());
        var key = await Admin.AddKeyToAsync(there, "tts", known);
        Guid[] left = [await App.AddHolderAsync(Admin, here, known), await App.AddHolderAsync(Admin, here, raw)];
        var linked = await App.AddHolderAsync(Admin, there, known);
        var plan = await Admin.MakePlanAsync(here, there);
        await Admin.SetPhaseAsync(here, Arranged.ReferencesOnly);

        var run = await Admin.RunAsync(plan);

        Assert.Equal(("completed", 3, 3, 1, 2, 0), run.Told());
        Assert.Equal((0, 0), (run.Number("created"), run.Number("assigned")));
        var items = await Admin.RunItemsAsync(run.Id());
        foreach (var agent in left)
        {
            Assert.Equal(["references_only"], items.OutcomesOf(agent));
            await (await Resolver.ResolveAsync(agent)).ProblemAsync(HttpStatusCode.NotFound, "not_configured");
        }

        Assert.Contains("references alone", items.Single(item => item.Id("agent_id") == left[0]).Text("reason"), StringComparison.Ordinal);
        Assert.Equal(key, items.Single(item => item.Id("agent_id") == linked).Id("key_after"));
    }

    [Fact]
    public async Task Only_the_plan_that_was_looked_at_is_run_and_only_once()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var value = Fresh.Value();
        var agent = await App.AddHolderAsync(Admin, workspace, value);
        var plan = await Admin.MakePlanAsync(workspace);
        await (await Admin.DecideAsync(plan, (await Admin.PlanItemAsync(plan, value)).About("create", name: Fresh.Name("Mine")))).ReadAsync();

        await (await Admin.PostRunAsync(plan)).ProblemAsync(HttpStatusCode.Conflict, "plan_changed");
        await (await Admin.PostAsync(Runs.Address, new { plan_id = plan.Id() })).ProblemAsync(HttpStatusCode.BadRequest, field: "plan_hash");
        await (await Admin.PostAsync(Runs.Address, new { plan_hash = "x" })).ProblemAsync(HttpStatusCode.BadRequest, field: "plan_id");
        await (await Admin.PostAsync(Runs.Address, new { plan_id = Guid.NewGuid(), plan_hash = "x" })).ProblemAsync(HttpStatusCode.NotFound);
        Assert.Equal(JsonValueKind.Null, (await Admin.ReadAsync($"/api/v1/agents/{agent}")).GetProperty("selected_tts_key_id").ValueKind);

        var run = await Admin.RunAsync(await Admin.PlanAsync(plan));
        Assert.Equal(("completed", 1, 1, 1, 0, 0), run.Told());
        var again = await (await Admin.PostRunAsync(await Admin.PlanAsync(plan))).ProblemAsync(HttpStatusCode.Conflict, "plan_has_run");
        Assert.Equal(run.Id(), again.Id("run_id"));
        foreach (var what in new[] { "pause", "resume" }) await (await Admin.PostAsync($"{Runs.Address}/{run.Id()}/{what}", new { })).ProblemAsync(HttpStatusCode.Conflict, "run_ended");
        await (await Admin.GetAsync($"{Runs.Address}/{Guid.NewGuid()}/events")).ProblemAsync(HttpStatusCode.NotFound);
        Assert.Contains((await Admin.ReadAsync(Runs.Address)).Items(), row => row.Id() == run.Id());
    }

    [Fact]
    public async Task Command_line_runs_tells_and_rolls_back_in_its_own_process()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var agent = await App.AddHolderAsync(Admin, workspace, Fresh.Value());
        var plan = await Admin.MakePlanAsync(workspace);

        var ran = (await App.CliAsync("migrate", "run", "--plan", $"{plan.Id()}", "--hash", plan.Text("hash"), "--json")).Expect(0);
        using var run = JsonDocument.Parse(ran.Output);
        Assert.Equal(("completed", 1, 1, 1, 0, 0), run.RootElement.Told());
        Assert.Single(ran.Errors.Split('\n'), line => line.StartsWith("1 of 1 slots", StringComparison.Ordinal));
        var id = run.RootElement.Id().ToString();

        Assert.Contains("1 slot of 1 get back", (await App.CliAsync("migrate", "rollback", id, "--preview")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("restored 1", (await App.CliAsync("migrate", "rollback", id)).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains($"rolls back {id}", (await App.CliAsync("migrate", "status")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, (await Admin.ReadAsync($"/api/v1/agents/{agent}")).GetProperty("selected_tts_key_id").ValueKind);
    }

    [Collection(Turns.Sqlite)]
    public sealed class OnSqlite(SqliteApp app) : RunTests(app);

    [Collection(Turns.PostgreSql)]
    public sealed class OnPostgreSql(PostgreSqlApp app) : RunTests(app);

    [Collection(Turns.SqlServer)]
    public sealed class OnSqlServer(SqlServerApp app) : RunTests(app);
}
