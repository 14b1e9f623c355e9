using System.Diagnostics;
using System.Globalization;

namespace KeyVaultApp.Benchmarks;

internal static class Measure
{
    public static async Task<double> SecondsAsync(Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>The most memory this process has ever had in use, as Linux counts it.</summary>
    public static double PeakMegabytes()
    {
        const double kilobytes = 1024;
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / kilobytes;
    }
}
