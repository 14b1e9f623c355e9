using System.Text.Json;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.LegacyKeys.Migration;

/// <summary>A plan from the command line. The slices behind it are tested on every provider, so one will do.</summary>
public sealed class PlanVerbTests(SqliteApp app) : AppTests(app)
{
    [Fact]
    public async Task A_plan_is_made_read_and_decided_about()
    {
        var (here, there) = (await Admin.AddWorkspaceAsync(), await Admin.AddWorkspaceAsync());
        var shared = Fresh.Value();
        foreach (var value in new[] { shared, Fresh.Value(), $" {Fresh.Value()}" }) await App.AddHolderAsync(Admin, here.Id(), value);
        await App.AddHolderAsync(Admin, there.Id(), shared);

        var said = (await App.CliAsync("migrate", "plan", "--workspace", here.Text("name").ToUpperInvariant(), "--workspace", $"{there.Id()}")).Expect(0).Output.Split('\n');
        var (plan, hash) = (Guid.Parse(said[0].Split(' ')[^1]), said[1].Split(' ')[^1]);
        Assert.Contains("create           3 slots with 3 keys", said);
        Assert.Contains("needs_decision   1 slot with 1 key", said);
        Assert.Contains(said, line => line.Contains("migrate items tells with --json", StringComparison.Ordinal));
        Assert.Contains($"To run it:  migrate run --plan {plan} --hash {hash}", said);
        var about = await Admin.ReadAsync($"/api/v1/migration/plans/{plan}");
        Assert.Equal((hash, 2), (about.Text("hash"), about.GetProperty("workspace_ids").GetArrayLength()));

        // What it lists is what it takes: every item once for each workspace that holds the key.
        using var items = JsonDocument.Parse((await App.CliAsync("migrate", "items", "--plan", $"{plan}", "--bucket", "create", "--json")).Expect(0).Output);
        Assert.Equal(3, items.RootElement.GetArrayLength());
        var decisions = JsonSerializer.Serialize(new { decisions = items.RootElement.EnumerateArray().Select(item => item.About("leave")) });
        var decided = (await App.CliWithInputAsync(decisions, "migrate", "decide", "--plan", $"{plan}", "--input", "-")).Expect(0);
        Assert.Equal($"hash  {(await Admin.PlanAsync(about)).Text("hash")}", decided.LastLine);
        Assert.NotEqual($"hash  {hash}", decided.LastLine);
    }

    [Fact]
    public async Task What_cannot_be_planned_or_decided_is_told_without_repeating_it()
    {
        (await App.CliAsync("migrate", "plan", "--workspace", Fresh.Name("Nowhere"))).Expect(1);

        var value = Fresh.Value();
        var wrong = (await App.CliWithInputAsync($"{{\"decisions\":[{{\"kind\":\"{value}\"}}]}}", "migrate", "decide", "--plan", $"{Guid.NewGuid()}", "--input", "-")).Expect(1);
        Assert.Contains("line 1", wrong.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(value, wrong.Errors, StringComparison.Ordinal);
    }
}
