using System.Net;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.LegacyKeys.Migration;

/// <summary>What a run remembers from one batch to the next holds only while it is true. A batch waits for a row that the test holds, so SQLite, which has no locks of rows, is not here.</summary>
public abstract class ChangedMeanwhileTests(SharedApp shared) : AppTests(shared)
{
    [Fact]
    public async Task Keys_and_phases_that_change_between_two_batches_count_from_the_next_one_on()
    {
        var (here, there) = ((await Admin.AddWorkspaceAsync()).Id(), await Admin.AddWorkspaceInAsync(Arranged.WithFallback));
        var (off, replaced, fine, elsewhere) = (Fresh.Value(), Fresh.Value(), Fresh.Value(), Fresh.Value());
        var (disabled, changed) = (await Admin.AddKeyToAsync(here, "tts", off), await Admin.AddKeyToAsync(here, "tts", replaced));
        await Admin.AddKeyToAsync(here, "tts", fine);
        await Admin.AddKeyToAsync(there, "tts", elsewhere);
        // In batches of two.
        var agents = new List<Guid>();
        foreach (var (workspace, value) in new[] { (here, off), (here, replaced), (there, elsewhere), (here, fine), (here, fine), (here, fine), (here, off), (here, replaced), (there, elsewhere), (here, fine) })
            agents.Add(await App.AddHolderAsync(Admin, workspace, value));
        var plan = await Admin.MakePlanAsync(here, there);

        Guid run;
        await using (var db = App.Database.Context())
        {
            await using var held = await db.Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await db.HoldRowsAsync("agents", [agents[5]], isShared: false, TestContext.Current.CancellationToken);
            run = await Admin.StartRunAsync(plan);
            await Admin.UntilAsync(run, state => state.Number("done") == 4);
            await (await Admin.PostAsync($"/api/v1/keys/{disabled}/disable", new { confirm = true })).ReadAsync();
            await (await Admin.PostAsync($"/api/v1/keys/{changed}/versions", new { value = Fresh.Value(), version = 1, skip_test = true })).ReadAsync(HttpStatusCode.Created);
            await Admin.SetPhaseAsync(there, Arranged.ReferencesOnly);
        }

        Assert.Equal(("completed", 10, 10, 7, 1, 2), (await Admin.EndOfAsync(run)).Told());
        var items = await Admin.RunItemsAsync(run);
        Assert.All(agents[..6], agent => Assert.Equal(["linked"], items.OutcomesOf(agent)));
        Assert.Equal(["key_unavailable", "key_unavailable", "references_only", "linked"], agents[6..].SelectMany(items.OutcomesOf));
    }

    [Collection(Turns.PostgreSql)]
    public sealed class OnPostgreSql(PostgreSqlApp app) : ChangedMeanwhileTests(app);

    [Collection(Turns.SqlServer)]
    public sealed class OnSqlServer(SqlServerApp app) : ChangedMeanwhileTests(app);
}
