using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Cli;

/// <summary>The runbook of the migration as it is written: every block, one after the other, on a fresh installation.</summary>
public sealed class RunbookTests
{
    [Fact]
    public async Task Every_step_there_and_back_works_as_written()
    {
        await using var app = await App.CreateAsync(Databases.Sqlite);

        var output = await WrittenScript.RunAsync(app, string.Concat(WrittenScript.Blocks("docs/runbook.md")));

        Assert.Contains("4 agents created", output, StringComparison.Ordinal);
        Assert.Contains("completed", output, StringComparison.Ordinal);
        Assert.Equal("installation  references_with_fallback", (await app.CliAsync("rollout", "show")).Expect(0).LastLine);
        Assert.DoesNotContain("rehearsal-", output, StringComparison.Ordinal);
    }
}
