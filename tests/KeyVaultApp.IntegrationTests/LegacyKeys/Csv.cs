using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.LegacyKeys;

/// <summary>Files for agents import, in a folder of the installation.</summary>
internal static class Csv
{
    public const string Header = "workspace,name,external_id,tts_key,stt_key,elevenlabs_key";

    public static async Task<CliResult> ImportAsync(this App app, params string[] rows) =>
        await app.ImportBytesAsync(new System.Text.UTF8Encoding(false).GetBytes(string.Join("\r\n", [Header, .. rows, ""])));

    public static async Task<CliResult> ImportBytesAsync(this App app, byte[] bytes)
    {
        var file = Path.Combine(app.Folder, $"{Guid.NewGuid():N}.csv");
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
        // Relative paths are the caller's, and the harness calls from this folder.
        return await app.CliAsync("agents", "import", "--file", Path.GetFileName(file), "--json");
    }
}
