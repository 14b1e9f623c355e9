using System.Net;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.LegacyKeys.Migration;

/// <summary>
/// What a run remembers from one batch to the next holds only while it is true. A batch waits for a row that the test holds, so
/// SQLite, which has no locks of rows, is not here, nor SQL Server, which has ids in another order than they were made in.
/// </summary>
[Collection(Turns.PostgreSql)]
public sealed class ChangedMeanwhileTests(PostgreSqlApp app) : AppTests(app)
{
    [Fact]
    public async Task Keys_and_phases_that_change_between_two_batches_count_from_the_next_one_on()
    {
        var (here, there) = ((await Admin.AddWorkspaceAsync()).Id(), await Admin.AddWorkspaceInAsync(Arranged.WithFallback));
        // The batch that waits holds its workspace, and a change of assignments has to change that too.
        var apart = (await Admin.AddWorkspaceAsync()).Id();
        var (off, replaced, taken, deleted, fine, elsewhere) = (Fresh.Value(), Fresh.Value(), Fresh.Value(), Fresh.Value(), Fresh.Value(), Fresh.Value());
        var keys = new List<Guid>();
        foreach (var (workspace, value) in new[] { (here, off), (here, replaced), (apart, taken), (apart, deleted), (here, fine) })
            keys.Add(await Admin.AddKeyToAsync(workspace, "tts", value));
        await Admin.AddKeyToAsync(there, "tts", elsewhere);
        // In batches of two. The run comes to know the keys of the first three; while it waits in the fourth they change.
        var agents = new List<Guid>();
        foreach (var (workspace, value) in new[]
        {
            (here, off), (here, replaced), (there, elsewhere), (here, fine), (apart, taken), (apart, deleted),
            (here, fine), (here, fine),
            (here, off), (here, replaced), (there, elsewhere), (here, fine), (apart, taken), (apart, deleted),
        })
            agents.Add(await App.AddHolderAsync(Admin, workspace, value));
        var plan = await Admin.MakePlanAsync(here, there, apart);
        // So nobody uses these two keys.
        foreach (var agent in agents[4..6]) await App.Database.SetLegacyAsync(agent, "tts", Fresh.Value());

        Guid run;
        await using (var db = App.Database.Context())
        {
            await using var held = await db.Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await db.HoldRowsAsync("agents", [agents[7]], isShared: false, TestContext.Current.CancellationToken);
            run = await Admin.StartRunAsync(plan);
            await Admin.UntilAsync(run, state => state.Number("done") == 6);
            await (await Admin.PostAsync($"/api/v1/keys/{keys[0]}/disable", new { confirm = true })).ReadAsync();
            await (await Admin.PostAsync($"/api/v1/keys/{keys[1]}/versions", new { value = Fresh.Value(), version = 1, skip_test = true })).ReadAsync(HttpStatusCode.Created);
            await (await Admin.PutAsync($"/api/v1/keys/{keys[2]}/workspaces", new { workspace_ids = new[] { there }, version = 1 })).ReadAsync();
            (await Admin.DeleteAsync($"/api/v1/keys/{keys[3]}")).EnsureSuccessStatusCode();
            await Admin.SetPhaseAsync(there, Arranged.ReferencesOnly);
        }

        Assert.Equal(("completed", 14, 14, 7, 3, 4), (await Admin.EndOfAsync(run)).Told());
        // Otherwise it would have forgotten all.
        Assert.DoesNotContain($"{Runs.PieceFailed} {run}", App.Printed, StringComparison.Ordinal);
        var items = await Admin.RunItemsAsync(run);
        string[] before = ["linked", "linked", "linked", "linked", "legacy_changed", "legacy_changed", "linked", "linked"];
        string[] after = ["key_unavailable", "key_unavailable", "references_only", "linked", "key_unavailable", "key_unavailable"];
        Assert.Equal([.. before, .. after], agents.SelectMany(agent => items.OutcomesOf(agent)));
    }
}
