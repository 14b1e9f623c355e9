using System.Text.RegularExpressions;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Cli;

/// <summary>The main job as the README has it, line by line, on a fresh installation: what is written there works.</summary>
public sealed partial class ReadmeTests
{
    private const string Section = "## The main job, in ten lines of shell";

    [Fact]
    public async Task The_main_job_works_as_written()
    {
        await using var app = await App.StartAsync(Databases.Sqlite);
        var here = WrittenScript.Blocks("README.md", Section)[0].Replace("http://localhost:5000", app.Address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal);
        Assert.Equal(2, Listens().Count(here));

        var output = await WrittenScript.RunAsync(app, here);

        var last = output.TrimEnd().Split('\n')[^1];
        Assert.Contains("\"value\":\"sk-new-central-key-9f3a\"", last, StringComparison.Ordinal);
        Assert.Contains("\"source\":\"reference\"", last, StringComparison.Ordinal);
        Assert.Contains("\"key_version\":1", last, StringComparison.Ordinal);

        // And the way back that it promises.
        (await app.CliAsync("rollout", "set", "direct_keys", "--workspace", "Acme", "--force")).Expect(0);
        var resolver = app.Client(await app.TokenAsync("resolver"));
        var workspace = (await app.Client(await app.TokenAsync("admin")).ReadAsync("/api/v1/workspaces?search=acme")).Items().Single().Id();
        Assert.Equal("sk-old-raw-key-1234", (await resolver.ReadAsync($"/api/v1/workspaces/{workspace}/agents/by-external-id/desk-1/keys/tts")).Text("value"));
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:[1-9]\d*", RegexOptions.None, 1000)]
    private static partial Regex Listens();
}
