using System.Text.Json;
using KeyVaultApp.Domain;
using KeyVaultApp.KeyAudit;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Benchmarks;

/// <summary>One size, in the process that does nothing else.</summary>
internal static class KeyAuditRun
{
    private const int AgentsOfAWorkspace = 500;
    private const int KeysOfAWorkspace = 6;
    private const int ImportedWorkspaces = 100;
    private const int AgentsOfAnImportedRow = 4;

    /// <summary>Of each kind; enough that every row that is named names a key of its own.</summary>
    private const int KeysOfAnImportedWorkspace = 25;
    private const int Rounds = 3;
    private const int LongFleet = 1_000_000;
    private const double Megabyte = 1024 * 1024;

    private const string Select =
        """
        SELECT w.name, a.name, a.external_id, a.selected_tts_key_id, a.tts_key, a.selected_stt_key_id, a.stt_key, a.selected_elevenlabs_key_id, a.elevenlabs_key
        FROM workspaces w JOIN agents a ON a.workspace_id = w.id ORDER BY w.normalized_name, a.normalized_name, a.id
        """;

    public const string SeedStep = "seed";
    public const string ExportStep = "export";
    public const string SeedDistinctStep = "seed-distinct";
    public const string ImportStep = "import";

    public static async Task<int> RunAsync(string step, string folder, int size)
    {
        await using var installation = await Installation.OpenAsync(folder);
        await (step switch
        {
            SeedStep => installation.SeedAsync(Math.Max(2, size / AgentsOfAWorkspace), size, KeysOfAWorkspace),
            SeedDistinctStep => installation.SeedAsync(ImportedWorkspaces, size * AgentsOfAnImportedRow, KeysOfAnImportedWorkspace),
            ExportStep => MeasureExportAsync(installation, folder, size),
            ImportStep => MeasureImportAsync(installation, folder, size),
            _ => throw new ArgumentOutOfRangeException(nameof(step)),
        });
        return 0;
    }

    private static async Task MeasureExportAsync(Installation installation, string folder, int agents)
    {
        var (csv, workbook) = (Path.Combine(folder, "agents.csv"), Path.Combine(folder, "audit.xlsx"));
        await ExportAsync(installation, workbook, $"{await AnyWorkspaceAsync(installation)}");
        var (fastest, fastestCsv) = (double.MaxValue, double.MaxValue);
        for (var round = 0; round < (agents >= LongFleet ? 1 : Rounds); round++)
        {
            fastestCsv = Math.Min(fastestCsv, await Measure.SecondsAsync(() => DumpAsync(installation, csv)));
            fastest = Math.Min(fastest, await Measure.SecondsAsync(() => ExportAsync(installation, workbook, null)));
        }

        Tell(new KeyAuditResult(agents, fastest, fastestCsv, Measure.PeakMegabytes(), new FileInfo(workbook).Length / Megabyte));
    }

    private static async Task MeasureImportAsync(Installation installation, string folder, int rows)
    {
        var workbook = Path.Combine(folder, "audit.xlsx");
        await ExportAsync(installation, workbook, null);
        var named = FillIn.Names(workbook, rows);
        if (named < rows) throw new InvalidOperationException($"Only {named} of {rows} rows could be named.");

        var preview = await Measure.SecondsAsync(() => ImportAsync(installation, workbook, dryRun: true, rows));
        var applied = await Measure.SecondsAsync(() => ImportAsync(installation, workbook, dryRun: false, rows));
        Tell(new KeyAuditResult(rows, applied, preview, Measure.PeakMegabytes(), new FileInfo(workbook).Length / Megabyte));
    }

    private static async Task ImportAsync(Installation installation, string path, bool dryRun, int rows)
    {
        await using var scope = installation.Services.CreateAsyncScope();
        await using var file = File.OpenRead(path);
        var answer = await scope.ServiceProvider.GetRequiredService<ImportKeyAudit>().RunAsync(file, dryRun, Actor.CommandLine("benchmark"), null, CancellationToken.None);
        if (answer.Created.Count != rows) throw new InvalidOperationException($"{answer.Created.Count} of {rows} keys were made.");
    }

    private static async Task ExportAsync(Installation installation, string path, string? workspace)
    {
        await using var scope = installation.Services.CreateAsyncScope();
        await using var file = File.Create(path);
        await scope.ServiceProvider.GetRequiredService<ExportKeyAudit>().RunAsync(new ExportKeyAudit.Filter(workspace), file, Actor.CommandLine("benchmark"), null, CancellationToken.None);
    }

    /// <summary>The same rows, read as fast as the provider gives them and written without a second thought.</summary>
    private static async Task DumpAsync(Installation installation, string path)
    {
        await using var scope = installation.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<KeyVaultDb>();
        await db.Database.OpenConnectionAsync();
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = Select;
        await using var reader = await command.ExecuteReaderAsync();
        await using var writer = new StreamWriter(path);
        while (await reader.ReadAsync())
        {
            for (var i = 0; i < reader.FieldCount; i++)
            {
                if (i > 0) await writer.WriteAsync(',');
                if (!reader.IsDBNull(i)) await writer.WriteAsync($"\"{reader.GetString(i).Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
            }

            await writer.WriteLineAsync();
        }
    }

    private static async Task<Guid> AnyWorkspaceAsync(Installation installation)
    {
        await using var scope = installation.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<KeyVaultDb>().Workspaces.OrderBy(workspace => workspace.Id).Select(workspace => workspace.Id).FirstAsync();
    }

    private static void Tell(KeyAuditResult result) => Console.WriteLine(JsonSerializer.Serialize(result));
}
