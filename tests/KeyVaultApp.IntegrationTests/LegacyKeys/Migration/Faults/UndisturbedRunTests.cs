using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.LegacyKeys.Migration.Faults;

/// <summary>What the others are measured against: a run that nobody disturbs.</summary>
public abstract class UndisturbedRunTests(Databases provider)
{
    [Fact]
    public async Task Left_alone_many_batches_that_share_their_keys_need_no_second_attempt()
    {
        await using var fleet = await MovedFleet.CreateAsync(provider, 400, 10);

        var done = (await fleet.App.CliAsync("migrate", "run", "--plan", $"{fleet.Plan.Id()}", "--hash", fleet.Plan.Text("hash"))).Expect(0);

        // That it is told where a piece does fail, the lost database shows.
        Assert.DoesNotContain(Runs.PieceFailed, done.Errors, StringComparison.Ordinal);
        await fleet.AssertMovedAsync((await fleet.Admin.ReadAsync(Runs.Address)).Items()[0].Id());
    }

    public sealed class OnSqlite() : UndisturbedRunTests(Databases.Sqlite);

    public sealed class OnPostgreSql() : UndisturbedRunTests(Databases.PostgreSql);
}
