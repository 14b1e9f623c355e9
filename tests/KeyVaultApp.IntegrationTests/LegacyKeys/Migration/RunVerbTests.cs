using System.Text.Json;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.LegacyKeys.Migration;

/// <summary>What the command line tells of a run. The slices behind it are tested on every provider, so one will do.</summary>
[Collection(Turns.Sqlite)]
public sealed class RunVerbTests(SqliteApp app) : AppTests(app)
{
    [Fact]
    public async Task Slots_that_were_left_are_told_by_reason_and_agent_by_agent()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        await App.AddHolderAsync(Admin, workspace, Fresh.Value());
        var (edited, deleted) = (await App.AddHolderAsync(Admin, workspace, Fresh.Value()), await App.AddHolderAsync(Admin, workspace, Fresh.Value()));
        var plan = await Admin.MakePlanAsync(workspace);
        await App.Database.SetLegacyAsync(edited, "tts", Fresh.Value());
        (await Admin.DeleteAsync($"/api/v1/agents/{deleted}")).EnsureSuccessStatusCode();

        var said = (await App.CliAsync("migrate", "run", "--plan", $"{plan.Id()}", "--hash", plan.Text("hash"))).Expect(0).Output;

        var run = (await Admin.ReadAsync(Runs.Address)).Items().Single(row => row.Id("plan_id") == plan.Id()).Id();
        Assert.Contains("1 slot legacy_changed: The old column holds another value than when the plan was made.", said, StringComparison.Ordinal);
        Assert.Contains("1 slot agent_gone: The agent was deleted since.", said, StringComparison.Ordinal);
        Assert.Contains($"migrate report {run} --outcome legacy_changed", said, StringComparison.Ordinal);
        Assert.Contains("shadow check in the plan's workspaces: 1 slots", said, StringComparison.Ordinal);
        using var status = JsonDocument.Parse((await App.CliAsync("migrate", "status", $"{run}", "--json")).Expect(0).Output);
        Assert.Equal("""{"linked":1,"legacy_changed":1,"agent_gone":1}""", status.RootElement.GetProperty("outcomes").GetRawText());

        var file = Path.Combine(App.Folder, $"{run}.csv");
        (await App.CliAsync("migrate", "report", $"{run}", "--outcome", "agent_gone", "--output", file)).Expect(0);
        using var served = await Admin.GetAsync($"{Runs.Address}/{run}/items.csv?outcome=agent_gone");
        Assert.Equal(await served.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
        Assert.Contains($"{deleted}", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains($"{edited}", (await App.CliAsync("migrate", "report", $"{run}")).Expect(0).Output, StringComparison.Ordinal);
        (await App.CliAsync("migrate", "report", $"{run}", "--outcome", "nonsense")).Expect(2);
        (await App.CliAsync("migrate", "report", $"{Guid.NewGuid()}")).Expect(1);
    }
}
