using System.Text;
using KeyVaultApp.IntegrationTests.Harness;
using KeyVaultApp.IntegrationTests.KeyAudit;
using KeyVaultApp.IntegrationTests.KeyTesting;
using Microsoft.Data.Sqlite;

namespace KeyVaultApp.IntegrationTests.Canary;

/// <summary>
/// Values posted to every input, valid and invalid, with everything logged that can be. Of keys nothing may be anywhere:
/// they are sealed. Old keys may be in their columns and nowhere else; all else that carries a value is refused and forgotten.
/// </summary>
public sealed class CanaryTests : IAsyncLifetime
{
    private static readonly string[] Sources =
    [
        "Default", "Override__Microsoft", "Override__Microsoft.Hosting.Lifetime", "Override__System", "Override__Microsoft.EntityFrameworkCore", "Override__Microsoft.AspNetCore",
    ];

    private App _app = null!;

    // Two providers that repeat the head of the request, key and all, in header and body.
    private readonly StandIn _trouble = new((head, stream, ct) => EchoAsync(500, head, stream, ct));
    private readonly StandIn _refusal = new((head, stream, ct) => EchoAsync(401, head, stream, ct));

    public async ValueTask InitializeAsync() => _app = await App.StartAsync(Databases.Sqlite,
    [
        .. Sources.Select(source => ($"Serilog__MinimumLevel__{source}", "Verbose")),
        .. TestedApp.NewProvider("echo-trouble", $"http://127.0.0.1:{_trouble.Port}", true),
        .. TestedApp.NewProvider("echo-refusal", $"http://127.0.0.1:{_refusal.Port}", true),
        ("Providers__echo-refusal__Readings__1__Status", "401"),
        ("Providers__echo-refusal__Readings__1__Outcome", "rejected"),
    ]);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _trouble.DisposeAsync();
        await _refusal.DisposeAsync();
    }

    private static Task EchoAsync(int status, string head, Stream stream, CancellationToken ct) =>
        StandIn.Respond(stream, status, head, ct, $"X-Echo: {head.ReplaceLineEndings(" ").Trim()}\r\n");

    [Fact]
    public async Task No_value_is_anywhere_but_where_it_belongs()
    {
        using var inputs = new CanaryInputs(_app);
        await inputs.PostAllAsync();
        Assert.True(_trouble.Heard.Count >= 4 && _refusal.Heard.Count >= 4, "Too few keys reached their provider.");
        Assert.True(inputs.Sealed.Count > 2 && inputs.Old.Count > 5 && inputs.Stray.Count > 40, "Too few inputs.");

        // The workbook tells of every key and has none, unpacked as well; an agent's name is in it, as it should be.
        var (admin, name) = (_app.Client(await _app.TokenAsync("admin")), Leaks.NewCanary());
        await admin.AddAgentAsync((await admin.AddWorkspaceAsync()).Id(), ("name", name));
        var workbook = (await admin.DownloadAuditAsync()).Parts.Select(part => (part.Key, part.Value)).ToArray();
        Assert.NotEmpty(Found(workbook, [name]));
        Assert.Empty(Found(workbook, [.. inputs.Sealed, .. inputs.Old, .. inputs.Stray]));

        // While it runs, with what SQLite has not yet put in place, and after it stopped.
        var elsewhere = inputs.Sealed.Concat(inputs.Stray).ToArray();
        Assert.Empty(Found(DataFiles(), elsewhere));
        await _app.StopAsync();
        Assert.Empty(Found(DataFiles(), elsewhere));

        (string, byte[])[] told = [("printed", Encoding.UTF8.GetBytes(_app.Printed)), ("answers", Encoding.UTF8.GetBytes(inputs.Answers)), .. Logs()];
        Assert.Empty(Found(told, [.. elsewhere, .. inputs.Old]));

        // They were there to be found: everything was logged, the resolver told the values, the old columns have theirs.
        Assert.Contains(Logs(), log => Leaks.In(log.Bytes, "[VRB]").Count > 0);
        Assert.Contains("api_key_versions", _app.Printed, StringComparison.Ordinal);
        foreach (var value in inputs.Current) Assert.NotEmpty(Leaks.In(Encoding.UTF8.GetBytes(inputs.Resolved), value));
        foreach (var value in inputs.Stored) Assert.NotEmpty(Found(DataFiles(), [value]));

        await EmptyOldColumnsAsync();
        Assert.Empty(Found(DataFiles(), inputs.Old));
    }

    [Fact]
    public async Task A_planted_leak_is_found()
    {
        var canary = Leaks.NewCanary();
        Assert.Empty(Found(DataFiles(), [canary]));

        await File.AppendAllTextAsync(
            Path.Combine(_app.DataDirectory, "logs", "planted.log"), $"Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"user:{canary}"))}\n", TestContext.Current.CancellationToken);

        Assert.Contains("planted.log", Assert.Single(Found(DataFiles(), [canary])), StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Found(IEnumerable<(string Name, byte[] Bytes)> places, IReadOnlyCollection<string> values) =>
        [.. from place in places from value in values let forms = Leaks.In(place.Bytes, value) where forms.Count > 0 select $"{place.Name} has {value} as {string.Join(", ", forms)}"];

    private IEnumerable<(string Name, byte[] Bytes)> Logs() => DataFiles().Where(file => file.Name.EndsWith(".log", StringComparison.Ordinal));

    private IReadOnlyList<(string Name, byte[] Bytes)> DataFiles() => [.. Directory.GetFiles(_app.DataDirectory, "*", SearchOption.AllDirectories)
        .Where(file => Path.GetFileName(file) != ".lock")
        .Select(file => (Path.GetRelativePath(_app.DataDirectory, file), Read(file)))];

    private static byte[] Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>What is left after the columns are emptied and the file is written anew is what stands anywhere else.</summary>
    private async Task EmptyOldColumnsAsync()
    {
        await using var connection = new SqliteConnection($"{_app.Database.ConnectionString};Pooling=False");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "UPDATE agents SET tts_key = NULL, stt_key = NULL, elevenlabs_key = NULL; VACUUM; PRAGMA wal_checkpoint(TRUNCATE);";
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
