using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.LegacyKeys.Migration.Faults;

/// <summary>Ctrl-C of a command that works on a run pauses it, and an instance that serves beside it does not go on unasked.</summary>
public abstract class InterruptedRunTests(Databases provider)
{
    [Fact]
    public async Task Interrupted_a_run_is_paused_and_resumed_it_completes()
    {
        await using var fleet = await MovedFleet.CreateAsync(provider, 800, 4);

        var interrupted = await InterruptAsync(fleet, 0, "migrate", "run", "--plan", $"{fleet.Plan.Id()}", "--hash", fleet.Plan.Text("hash"));
        var run = (await fleet.Admin.ReadAsync(Runs.Address)).Items()[0].Id();
        var done = await AssertPausedAsync(fleet, run, interrupted);

        done = await AssertPausedAsync(fleet, run, await InterruptAsync(fleet, done, "migrate", "resume", $"{run}"));
        Assert.Equal(["run_paused", "run_resumed", "run_paused", "run_started"], (await fleet.Admin.ActivityOfAsync(run)).Select(entry => entry.Text("action")));

        var resumed = (await fleet.App.CliAsync("migrate", "resume", $"{run}")).Expect(0);
        Assert.True(AssertProgress(resumed) >= done);
        await fleet.AssertMovedAsync(run);
    }

    /// <summary>Ctrl-C as soon as the command has got further than that.</summary>
    private static async Task<CliResult> InterruptAsync(MovedFleet fleet, int done, params string[] arguments)
    {
        await using var process = await AppProcess.StartAsync(arguments, fleet.App.Settings, fleet.App.Folder);
        while (!process.HasExited && !(await fleet.App.Database.QueryAsync<int>($"SELECT done AS \"Value\" FROM migration_runs")).Any(now => now > done)) await Task.Delay(10);
        process.Interrupt();
        return (await process.WaitAsync()).Expect(1);
    }

    private static async Task<int> AssertPausedAsync(MovedFleet fleet, Guid run, CliResult interrupted)
    {
        var paused = await fleet.Admin.RunAsync(run);
        Assert.Equal("paused", paused.Text("state"));
        Assert.InRange(paused.Number("done"), 1, fleet.Slots - 1);
        Assert.Contains($"To go on:  migrate resume {run}", interrupted.Output, StringComparison.Ordinal);
        Assert.Contains("Paused before its end", interrupted.Errors, StringComparison.Ordinal);
        AssertProgress(interrupted);
        return paused.Number("done");
    }

    /// <summary>It tells from where on it works, and no line twice.</summary>
    /// <returns>How much was done when it began.</returns>
    private static int AssertProgress(CliResult result)
    {
        var told = result.Errors.Split('\n').Where(line => line.Contains(" slots  linked ", StringComparison.Ordinal)).Select(line => line.Split(" slots")[0]).ToList();
        Assert.NotEmpty(told);
        Assert.Equal(told.Distinct(), told);
        return int.Parse(told[0].Split(' ')[0].Replace(",", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture);
    }

    public sealed class OnSqlite() : InterruptedRunTests(Databases.Sqlite);

    public sealed class OnPostgreSql() : InterruptedRunTests(Databases.PostgreSql);
}
