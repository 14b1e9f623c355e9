using System.Net;
using System.Text.Json;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.LegacyKeys.Migration;

/// <summary>Every agent that still holds what a run wrote gets back what it had; nobody gets another key unasked.</summary>
public abstract class RollbackTests(SharedApp shared) : AppTests(shared)
{
    [Fact]
    public async Task Rollback_gives_back_what_was_there_and_leaves_edited_agents_alone()
    {
        var id = await Admin.AddWorkspaceInAsync(Arranged.WithFallback);
        var value = Fresh.Value();
        var (held, edited, deleted) = (await App.AddHolderAsync(Admin, id, value), await App.AddHolderAsync(Admin, id, value), await App.AddHolderAsync(Admin, id, value));
        var run = await Admin.RunAsync(await Admin.MakePlanAsync(id));
        Assert.Equal(3, run.Number("linked"));
        var mine = await Admin.AddKeyToAsync(id);
        await (await Admin.PutAgentAsync(await Admin.ReadAsync($"/api/v1/agents/{edited}"), ("selected_tts_key_id", mine))).ReadAsync();
        (await Admin.DeleteAsync($"/api/v1/agents/{deleted}")).EnsureSuccessStatusCode();

        var preview = await Admin.ReadAsync($"{Runs.Address}/{run.Id()}/rollback");
        Assert.Equal((3, 1, 1, 1, 0), (preview.Number("total"), preview.Number("restored"), preview.Number("edited_since"), preview.Number("agent_gone"), preview.Number("answer_would_change")));
        Assert.Equal(2, preview.GetProperty("skipped").Items().Count);
        Assert.NotEqual(JsonValueKind.Null, (await Admin.ReadAsync($"/api/v1/agents/{held}")).GetProperty("selected_tts_key_id").ValueKind);

        var back = await Admin.RollBackAsync(run.Id());

        Assert.Equal(("completed", 3, 3, 0, 2, 0), back.Told());
        Assert.Equal((1, run.Id()), (back.Number("restored"), back.Id("rolls_back")));
        Assert.Equal(JsonValueKind.Null, (await Admin.ReadAsync($"/api/v1/agents/{held}")).GetProperty("selected_tts_key_id").ValueKind);
        Assert.Equal(mine, (await Admin.ReadAsync($"/api/v1/agents/{edited}")).Id("selected_tts_key_id"));
        Assert.Equal((value, "legacy"), await AnswerAsync(held));
        var items = await Admin.RunItemsAsync(back.Id());
        Assert.Equal(["restored"], items.OutcomesOf(held));
        Assert.Equal(["edited_since"], items.OutcomesOf(edited));
        Assert.Equal(["agent_gone"], items.OutcomesOf(deleted));
        // The key that the run made stays, and once more nothing is left to give back.
        var key = (await Admin.RunItemsAsync(run.Id()))[0].Id("key_after");
        await Admin.ReadAsync($"/api/v1/keys/{key}");
        var again = await Admin.RollBackAsync(run.Id());
        Assert.Equal(("completed", 0), (again.Text("state"), again.Number("restored")));
        await (await Admin.PostAsync($"{Runs.Address}/{back.Id()}/rollback", new { })).ProblemAsync(HttpStatusCode.Conflict, "is_rollback");
        Assert.Equal(["run_completed", "rollback_started"], (await Admin.ActivityOfAsync(back.Id())).Select(entry => entry.Text("action")));
    }

    [Fact]
    public async Task Agents_whose_answer_would_change_are_left_alone_unless_forced()
    {
        var workspace = await Admin.AddWorkspaceInAsync(Arranged.WithFallback);
        var (old, replacement) = (Fresh.Value(), Fresh.Value());
        var agent = await App.AddHolderAsync(Admin, workspace, old);
        var run = await Admin.RunAsync(await Admin.MakePlanAsync(workspace));
        var key = (await Admin.RunItemsAsync(run.Id()))[0].Id("key_after");
        await (await Admin.PostAsync($"/api/v1/keys/{key}/versions", new { value = replacement, version = 1, skip_test = true })).ReadAsync(HttpStatusCode.Created);

        var back = await Admin.RollBackAsync(run.Id());
        Assert.Equal((0, 1), (back.Number("restored"), back.Number("skipped")));
        var item = Assert.Single(await Admin.RunItemsAsync(back.Id()));
        Assert.Equal((agent, "answer_would_change", "The agent would get another key than now, or none."), (item.Id("agent_id"), item.Text("outcome"), item.Text("reason")));
        Assert.Equal((replacement, "reference"), await AnswerAsync(agent));

        var forced = await Admin.RollBackAsync(run.Id(), force: true);
        Assert.Equal((1, 0), (forced.Number("restored"), forced.Number("skipped")));
        Assert.Equal((old, "legacy"), await AnswerAsync(agent));
    }

    [Fact]
    public async Task Keys_that_the_run_made_go_only_where_nobody_uses_them_and_it_is_asked_for()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var (unused, used) = (Fresh.Value(), Fresh.Value());
        var agents = (await App.AddHolderAsync(Admin, workspace, unused), await App.AddHolderAsync(Admin, workspace, used));
        var run = await Admin.RunAsync(await Admin.MakePlanAsync(workspace));
        var items = await Admin.RunItemsAsync(run.Id());
        Guid KeyOf(Guid agent) => items.Single(item => item.Id("agent_id") == agent).Id("key_after");
        await Admin.AddAgentAsync(workspace, ("selected_tts_key_id", KeyOf(agents.Item2)));

        Assert.Equal(2, (await Admin.RollBackAsync(run.Id(), removeUnusedKeys: true)).Number("restored"));

        await (await Admin.GetAsync($"/api/v1/keys/{KeyOf(agents.Item1)}")).ProblemAsync(HttpStatusCode.NotFound);
        Assert.Equal("key_deleted", (await Admin.ActivityOfAsync(KeyOf(agents.Item1)))[0].Text("action"));
        await Admin.ReadAsync($"/api/v1/keys/{KeyOf(agents.Item2)}");
        Assert.Equal((unused, "legacy"), await AnswerAsync(agents.Item1));
    }

    private async Task<(string Value, string Source)> AnswerAsync(Guid agent)
    {
        var answer = await (await Resolver.ResolveAsync(agent)).ReadAsync();
        return (answer.Text("value"), answer.Text("source"));
    }

    [Collection(Turns.Sqlite)]
    public sealed class OnSqlite(SqliteApp app) : RollbackTests(app);

    [Collection(Turns.PostgreSql)]
    public sealed class OnPostgreSql(PostgreSqlApp app) : RollbackTests(app);

    [Collection(Turns.SqlServer)]
    public sealed class OnSqlServer(SqlServerApp app) : RollbackTests(app);
}
