using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace KeyVaultApp.Benchmarks;

/// <summary>
/// Plan and run of the migration with a key made of each of some 5,000 values, beside one hand-written UPDATE that sets the same
/// references on the same rows, on SQLite and, where <c>KEYVAULT_TEST_POSTGRES</c> names a server, on PostgreSQL. The runtime
/// asks for keys all the while.
/// </summary>
internal sealed class MigrationScenario : IScenario
{
    private const double MostTimesUpdate = 3;
    private const double MostMemoryGrowth = 1.5;
    private const double MostTimesLinear = 1.5;
    private const string Server = "KEYVAULT_TEST_POSTGRES";

    public string Name => "migration";

    public async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is [var step, var folder, var number, .. var connection]) return await MigrationRun.RunAsync(step, folder, int.Parse(number, CultureInfo.InvariantCulture), connection.FirstOrDefault());

        int[] sizes = [20_000, 100_000, .. arguments.Contains("--long") ? [1_000_000] : Array.Empty<int>()];
        string?[] servers = [null, .. Environment.GetEnvironmentVariable(Server) is { Length: > 0 } server ? [server] : Array.Empty<string>()];
        Console.WriteLine(
            $"Three slots an agent, {MigrationRun.DistinctKeys:N0} distinct keys: of each kind {MigrationRun.OwnKeys} of its own and {MigrationRun.SharedKeys} shared ones in each of {MigrationRun.Workspaces} workspaces");
        Console.WriteLine($"{"",10} {"agents",10} {"plan s",8} {"run s",8} {"UPDATE s",9} {"times",6} {"peak MB",8} {"resolve p99 ms",15} {"resolves",9}");
        var broken = 0;
        foreach (var at in servers)
        {
            var results = new List<MigrationResult>();
            foreach (var size in sizes)
            {
                var result = await MeasureAsync(at, size);
                results.Add(result);
                Console.WriteLine(
                    $"{(at is null ? "SQLite" : "PostgreSQL"),10} {size,10:N0} {result.PlanSeconds,8:F2} {result.RunSeconds,8:F2} {result.UpdateSeconds,9:F2} {result.RunSeconds / result.UpdateSeconds,6:F2} " +
                    $"{result.PeakMegabytes,8:F0} {result.ResolveMilliseconds,15:F1} {result.Resolves,9:N0}");
            }

            foreach (var promise in Broken(results))
            {
                broken++;
                Console.WriteLine($"NOT KEPT: {promise}");
            }
        }

        return broken == 0 ? 0 : 1;
    }

    private static IEnumerable<string> Broken(List<MigrationResult> results)
    {
        var small = results[0];
        foreach (var result in results.Skip(1))
        {
            if (result.RunSeconds > MostTimesUpdate * result.UpdateSeconds) yield return $"The run over {result.Agents:N0} agents takes more than {MostTimesUpdate} times the UPDATE.";
            if (result.PlanSeconds > MostTimesLinear * small.PlanSeconds * result.Agents / small.Agents) yield return $"The plan of {result.Agents:N0} agents takes more than {MostTimesLinear} times its share.";
            if (result.PeakMegabytes > MostMemoryGrowth * small.PeakMegabytes) yield return $"{result.Agents:N0} agents take more than {MostMemoryGrowth} times the memory of {small.Agents:N0}.";
        }
    }

    private static async Task<MigrationResult> MeasureAsync(string? server, int size)
    {
        var folder = Directory.CreateTempSubdirectory("keyvault-benchmark-").FullName;
        var database = $"keyvault_benchmark_{Guid.NewGuid():N}";
        string[] connection = server is null ? [] : [new NpgsqlConnectionStringBuilder(server) { Database = database }.ToString()];
        try
        {
            if (server is not null) await ExecuteAsync(server, $"CREATE DATABASE {database}");
            await Child.RunAsync(["migration", MigrationRun.SeedStep, folder, $"{size}", .. connection]);
            return JsonSerializer.Deserialize<MigrationResult>(await Child.RunAsync(["migration", MigrationRun.MigrateStep, folder, $"{size}", .. connection]))!;
        }
        finally
        {
            if (server is not null) await ExecuteAsync(server, $"DROP DATABASE IF EXISTS {database} WITH (FORCE)");
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task ExecuteAsync(string server, string sql)
    {
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}

internal sealed record MigrationResult(int Agents, double PlanSeconds, double RunSeconds, double UpdateSeconds, double PeakMegabytes, double ResolveMilliseconds, int Resolves);
