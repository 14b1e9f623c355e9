using System.Net;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.LegacyKeys.Migration.Faults;

/// <summary>Runs that are paused, stopped and started twice, on instances that share a database.</summary>
public abstract class SteeredRunTests(Databases provider)
{
    [Fact]
    public async Task Paused_it_waits_resumed_it_goes_on_stopped_it_ends_and_can_be_rolled_back()
    {
        await using var fleet = await MovedFleet.CreateAsync(provider, 2000, 1);
        var run = await fleet.Admin.StartRunAsync(fleet.Plan);
        await fleet.Admin.UntilAsync(run, told => told.Number("done") > 0);
        await fleet.Admin.DoAsync(run, "pause");
        var paused = await fleet.Admin.UntilAsync(run, told => told.Text("state") == "paused");
        Assert.InRange(paused.Number("done"), 1, fleet.Slots - 1);

        var other = (await fleet.App.CliAsync("migrate", "run", "--plan", $"{fleet.Plan.Id()}", "--hash", fleet.Plan.Text("hash"))).Expect(3);
        Assert.Contains($"{run} has not ended", other.Errors, StringComparison.Ordinal);
        await (await fleet.Admin.PostAsync($"{Runs.Address}/{run}/rollback", new { })).ProblemAsync(HttpStatusCode.Conflict, "run_not_ended");
        // It survives a restart, and nobody goes on with it unasked.
        await fleet.App.StopAsync();
        await fleet.App.ServeAsync();
        Assert.Equal(("paused", paused.Number("done")), ((await fleet.Admin.RunAsync(run)).Text("state"), await fleet.DoneAsync(run)));

        await fleet.Admin.DoAsync(run, "resume");
        await fleet.Admin.UntilAsync(run, told => told.Number("done") > paused.Number("done"));
        await fleet.Admin.DoAsync(run, "stop");
        var stopped = await fleet.Admin.EndOfAsync(run);
        Assert.Equal(("stopped", stopped.Number("done")), (stopped.Text("state"), stopped.Number("linked")));
        Assert.InRange(stopped.Number("done"), paused.Number("done") + 1, fleet.Slots - 1);
        Assert.Equal(["run_stopped", "run_resumed", "run_paused", "run_started"], (await fleet.Admin.ActivityOfAsync(run)).Select(entry => entry.Text("action")));

        var back = await fleet.Admin.RollBackAsync(run);
        Assert.Equal(("completed", stopped.Number("linked")), (back.Text("state"), back.Number("restored")));
        await fleet.AssertOldColumnsUntouchedAsync();
    }

    [Fact]
    public async Task Two_instances_that_start_the_same_plan_at_once_make_one_run_and_either_goes_on_when_one_stops()
    {
        await using var fleet = await MovedFleet.CreateAsync(provider, 1000, 5);
        await using var second = await AppProcess.StartAsync(["serve", "--urls", "http://127.0.0.1:0"], fleet.App.Settings, fleet.App.Folder);
        var address = new Uri(await second.WaitForLineAsync(line => line.Contains("listens on http", StringComparison.Ordinal) ? line.Split(' ')[^1] : null));
        using var elsewhere = new HttpClient { BaseAddress = address };
        elsewhere.DefaultRequestHeaders.Authorization = fleet.Admin.Http.DefaultRequestHeaders.Authorization;
        Api[] admins = [fleet.Admin, new Api(elsewhere)];

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => admins[i % 2].PostRunAsync(fleet.Plan)));

        var run = (await Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Accepted).ReadAsync(HttpStatusCode.Accepted)).Id();
        foreach (var refused in answers.Where(answer => answer.StatusCode != HttpStatusCode.Accepted))
            Assert.Equal(run, (await refused.ProblemAsync(HttpStatusCode.Conflict)).Id("run_id"));
        await fleet.Admin.UntilAsync(run, told => told.Number("done") > 0);
        var refusal = await (await fleet.Admin.PostRunAsync(fleet.Plan)).ProblemAsync(HttpStatusCode.Conflict, "migration_running");
        Assert.Contains(refusal.Text("holder"), refusal.Text("detail"), StringComparison.Ordinal);

        // A service manager stops one of the two, perhaps the one that works on it: the other goes on at once.
        await fleet.App.StopAsync();
        Assert.Equal("completed", (await admins[1].EndOfAsync(run)).Text("state"));
        await fleet.App.ServeAsync();
        await fleet.AssertMovedAsync(run);
    }

    [Fact]
    public async Task Edits_during_a_run_are_kept_and_told()
    {
        await using var fleet = await MovedFleet.CreateAsync(provider, 1200, 4);
        await fleet.Admin.PutAsync("/api/v1/rollout", new { phase = Arranged.DirectKeys, force = true });
        var workspace = (await fleet.Admin.ReadAsync("/api/v1/workspaces?search=W0")).Items()[0].Id();
        var agents = (await fleet.Admin.ReadAsync($"/api/v1/workspaces/{workspace}/agents?page_size=200")).Items().Select(agent => agent.Id()).ToList();
        var edits = new Dictionary<Guid, string>();

        // The first half while it waits, so that it meets edits for certain; the others beside it.
        var run = await fleet.Admin.StartRunAsync(fleet.Plan);
        await fleet.Admin.DoAsync(run, "pause");
        await fleet.Admin.UntilAsync(run, told => told.Text("state") == "paused");
        foreach (var (place, id) in agents.AsEnumerable().Reverse().Index())
        {
            if (place == agents.Count / 2) await fleet.Admin.DoAsync(run, "resume");
            var value = Fresh.Value();
            var agent = await fleet.Admin.ReadAsync($"/api/v1/agents/{id}");
            var answer = await fleet.Admin.PutAgentAsync(agent, ("external_id", agent.Text("external_id")), ("tts_key", value));
            // The run came first with this one: whoever edits it is told, and nothing is lost.
            if (answer.StatusCode == HttpStatusCode.Conflict) await answer.ProblemAsync(HttpStatusCode.Conflict, "stale_version");
            else if ((await answer.ReadAsync()).Id() == id) edits.Add(id, value);
        }

        var ended = await fleet.Admin.EndOfAsync(run);

        Assert.Equal(("completed", fleet.Slots, 0), (ended.Text("state"), ended.Number("done"), ended.Number("failed")));
        Assert.True(edits.Count > 100, $"Only {edits.Count} edits got through.");
        foreach (var (id, value) in edits)
        {
            Assert.Equal(value, await fleet.App.Database.LegacyAsync(id, "tts"));
            Assert.Equal(System.Text.Json.JsonValueKind.Null, (await fleet.Admin.ReadAsync($"/api/v1/agents/{id}")).GetProperty("selected_tts_key_id").ValueKind);
        }

        var told = (await fleet.Admin.RunItemsAsync(run, "legacy_changed")).Select(item => item.Id("agent_id")).ToList();
        Assert.Equal(ended.Number("skipped"), told.Count);
        Assert.All(told, id => Assert.Contains(id, edits.Keys));
        Assert.NotEmpty(told);
    }

    public sealed class OnSqlite() : SteeredRunTests(Databases.Sqlite);

    public sealed class OnPostgreSql() : SteeredRunTests(Databases.PostgreSql);
}
