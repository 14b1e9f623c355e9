using System.Net;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.LegacyKeys.Migration.Faults;

/// <summary>A process that is killed leaves a run that another goes on with: no agent linked twice, lost or half done.</summary>
public abstract class KilledRunTests(Databases provider)
{
    private const int Agents = 5000;
    private const int BatchSize = 10;
    private static readonly int Kills = Environment.GetEnvironmentVariable("KEYVAULT_TEST_LONG") is { Length: > 0 } ? 20 : 3;

    [Fact]
    public async Task Killed_at_random_moments_a_run_and_its_rollback_are_exact()
    {
        await using var fleet = await MovedFleet.CreateAsync(provider, Agents, BatchSize);

        var run = await fleet.Admin.StartRunAsync(fleet.Plan);
        await KillAndGoOnAsync(fleet, run);
        await fleet.Admin.EndOfAsync(run);
        await fleet.AssertMovedAsync(run);

        var back = (await (await fleet.Admin.PostAsync($"{Runs.Address}/{run}/rollback", new { })).ReadAsync(HttpStatusCode.Accepted)).Id();
        await KillAndGoOnAsync(fleet, back);
        await fleet.Admin.EndOfAsync(back);
        await fleet.AssertMovedBackAsync(back);
    }

    [Fact]
    public async Task Killed_instance_is_followed_by_another_once_its_lease_has_run_out()
    {
        await using var fleet = await MovedFleet.CreateAsync(provider, 600, 2);
        var run = await fleet.Admin.StartRunAsync(fleet.Plan);
        await fleet.Admin.UntilAsync(run, told => told.Number("done") > 0);
        await fleet.App.KillAsync();
        var done = await fleet.DoneAsync(run);
        Assert.InRange(done, 1, fleet.Slots - 1);

        // By hand, and in a process of its own: it waits for the lease, which nobody renews.
        var resumed = (await fleet.App.CliAsync("migrate", "resume", $"{run}")).Expect(0);

        Assert.Contains("was killed: waiting", resumed.Errors, StringComparison.Ordinal);
        await fleet.App.ServeAsync();
        await fleet.AssertMovedAsync(run);
    }

    /// <summary>Kills the instance somewhere in what is left, and has a new one take the run up by itself.</summary>
    private static async Task KillAndGoOnAsync(MovedFleet fleet, Guid run)
    {
        var killed = 0;
        for (var i = 0; i < Kills; i++)
        {
            var before = await fleet.DoneAsync(run);
            // In the first half of its share, so that the run is still on its way when the kill arrives.
            var next = before + Random.Shared.Next(1, Math.Max((fleet.Slots - before) / (Kills - i) / 2, 2));
            await fleet.Admin.UntilAsync(run, told => told.Number("done") >= next || told.Text("state") == "completed");
            await fleet.App.KillAsync();
            if (await fleet.DoneAsync(run) < fleet.Slots) killed++;
            await fleet.ExpireLeaseAsync();
            await fleet.App.ServeAsync();
        }

        Assert.True(killed > 0, "The run was over before it could be killed.");
    }

    public sealed class OnSqlite() : KilledRunTests(Databases.Sqlite);

    public sealed class OnPostgreSql() : KilledRunTests(Databases.PostgreSql);
}
