using System.Diagnostics;
using System.Text.RegularExpressions;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Cli;

/// <summary>Shell as a document has it. One thing differs when it is run here: the app is built already.</summary>
internal static partial class WrittenScript
{
    private const string Written = "dotnet run --no-build --project src/KeyVaultApp --";

    /// <summary>The code blocks of a document of this repository, in their order.</summary>
    /// <param name="from">Where to begin to read; null reads all.</param>
    public static IReadOnlyList<string> Blocks(string document, string? from = null)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, document));
        var begin = from is null ? 0 : text.IndexOf(from, StringComparison.Ordinal);
        return [.. CodeBlock().Matches(text[begin..]).Select(block => block.Groups["code"].Value.Replace(Written, $"dotnet '{Repository.AppFile}'", StringComparison.Ordinal))];
    }

    /// <summary>Runs it in the installation's folder, and ends at the first line that fails.</summary>
    public static async Task<string> RunAsync(App app, string script)
    {
        Assert.DoesNotContain("dotnet run", script, StringComparison.Ordinal);
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", script])
        {
            WorkingDirectory = app.Folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in app.Settings) start.Environment[name] = value;
        using var bash = Process.Start(start)!;
        var (output, errors) = (bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(AppProcess.TimeLimit * 2);
        await bash.WaitForExitAsync(limit.Token);
        Assert.True(bash.ExitCode == 0, $"{await output}\n{await errors}");
        return await output;
    }

    [GeneratedRegex("```sh\n(?<code>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CodeBlock();
}
