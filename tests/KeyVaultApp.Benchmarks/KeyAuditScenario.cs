using System.Globalization;
using System.Text.Json;

namespace KeyVaultApp.Benchmarks;

/// <summary>
/// The key audit out and back: time beside a plain CSV dump of the same rows, and peak memory. Each size runs in a process of
/// its own, since a peak never goes down.
/// </summary>
internal sealed class KeyAuditScenario : IScenario
{
    private const double MostTimesCsv = 3;
    private const double MostMemoryGrowth = 1.5;
    private const double MostMegabytes = 400;
    private const int SmallFleet = 10_000;
    private const int LargeFleet = 100_000;
    private const int LongFleet = 1_000_000;
    private const int ImportedRows = 5000;

    public string Name => "key-audit";

    public async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is [var step, var folder, var number]) return await KeyAuditRun.RunAsync(step, folder, Number(number));

        int[] sizes = [1000, SmallFleet, LargeFleet, .. arguments.Contains("--long") ? [LongFleet] : Array.Empty<int>()];
        var results = new List<KeyAuditResult>();
        Console.WriteLine("Export, three slots an agent, SQLite");
        Console.WriteLine($"{"agents",10} {"seconds",9} {"CSV",9} {"times",7} {"peak MB",9} {"file MB",9}");
        foreach (var size in sizes)
        {
            var result = await MeasureAsync(KeyAuditRun.SeedStep, KeyAuditRun.ExportStep, size);
            results.Add(result);
            Console.WriteLine($"{size,10:N0} {result.Seconds,9:F2} {result.CsvSeconds,9:F2} {result.Seconds / result.CsvSeconds,7:F2} {result.PeakMegabytes,9:F0} {result.FileMegabytes,9:F1}");
        }

        var import = await MeasureAsync(KeyAuditRun.SeedDistinctStep, KeyAuditRun.ImportStep, ImportedRows);
        Console.WriteLine($"\nImport of {ImportedRows:N0} named rows: preview {import.CsvSeconds:F2} s, applied {import.Seconds:F2} s, peak {import.PeakMegabytes:F0} MB");

        var broken = Broken(results).ToList();
        foreach (var promise in broken) Console.WriteLine($"NOT KEPT: {promise}");
        return broken.Count == 0 ? 0 : 1;
    }

    private static IEnumerable<string> Broken(IReadOnlyList<KeyAuditResult> results)
    {
        foreach (var result in results.Where(result => result.Agents >= LargeFleet && result.Seconds > MostTimesCsv * result.CsvSeconds))
            yield return $"{result.Agents:N0} agents take more than {MostTimesCsv} times a CSV dump.";
        var small = results.Single(result => result.Agents == SmallFleet).PeakMegabytes;
        foreach (var result in results.Where(result => result.Agents > SmallFleet && (result.PeakMegabytes > MostMemoryGrowth * small || result.PeakMegabytes > MostMegabytes)))
            yield return $"{result.Agents:N0} agents take more than {MostMemoryGrowth} times the memory of {SmallFleet:N0}, or more than {MostMegabytes} MB.";
    }

    /// <summary>An installation of its own, filled by one process and measured in another.</summary>
    private static async Task<KeyAuditResult> MeasureAsync(string fill, string measure, int size)
    {
        var folder = Directory.CreateTempSubdirectory("keyvault-benchmark-").FullName;
        try
        {
            await Child.RunAsync("key-audit", fill, folder, $"{size}");
            return JsonSerializer.Deserialize<KeyAuditResult>(await Child.RunAsync("key-audit", measure, folder, $"{size}"))!;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}

internal sealed record KeyAuditResult(int Agents, double Seconds, double CsvSeconds, double PeakMegabytes, double FileMegabytes);
