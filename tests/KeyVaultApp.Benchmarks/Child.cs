using System.Diagnostics;

namespace KeyVaultApp.Benchmarks;

/// <summary>This program once more, in a process that does nothing but one step: its memory is that step's alone.</summary>
internal static class Child
{
    /// <returns>The last line that it printed.</returns>
    public static async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [.. Program(), .. arguments]) { RedirectStandardOutput = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output.TrimEnd().Split('\n')[^1] : throw new InvalidOperationException($"A run failed: {output}");
    }

    /// <summary>Started as <c>dotnet X.dll</c> the process is dotnet's, and needs the assembly's name.</summary>
    private static string[] Program() => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(Child).Assembly.Location] : [];
}
