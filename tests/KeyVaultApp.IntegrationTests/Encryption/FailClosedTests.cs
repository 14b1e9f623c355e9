using System.Diagnostics;
using System.Security.Cryptography;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Encryption;

/// <summary>Without the right master key nothing starts: within seconds, with the ids of keys, and without a byte written.</summary>
public sealed class FailClosedTests
{
    private static readonly TimeSpan Seconds = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_missing_wrong_malformed_or_open_master_key_stops_the_start()
    {
        await using var app = await App.CreateAsync(Databases.Sqlite);
        var id = await MasterKeyIdAsync(app);
        var file = Path.Combine(app.DataDirectory, "master.key");
        var right = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);

        File.Delete(file);
        await AssertRefusedAsync(app, id, "is missing");

        await WriteAsync(file, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        var found = (await AssertRefusedAsync(app, id, "holds master key")).Split("holds master key ")[1][..8];
        Assert.Matches("^[0-9a-f]{8}$", found);
        Assert.NotEqual(id, found);

        foreach (var malformed in new[] { "", "not base64 at all", Convert.ToBase64String(new byte[31]), Convert.ToBase64String(new byte[33]) })
        {
            await WriteAsync(file, malformed);
            await AssertRefusedAsync(app, "master.key", "does not hold a master key");
        }

        await File.WriteAllBytesAsync(file, right, TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
            await AssertRefusedAsync(app, "chmod 600", "master.key");
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        Assert.Equal(id, await MasterKeyIdAsync(app));
        await app.ServeAsync();
    }

    [Fact]
    public async Task A_lost_keyring_is_not_made_anew_over_sealed_values()
    {
        await using var app = await App.StartAsync(Databases.Sqlite);
        await app.Client(await app.TokenAsync("admin")).AddKeyAsync();
        await app.KillAsync();
        await using (var context = app.Database.Context())
        {
            var connection = (Microsoft.Data.Sqlite.SqliteConnection)Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions.GetDbConnection(context.Database);
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA foreign_keys = OFF; DELETE FROM data_keys";
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await AssertRefusedAsync(app, "Restore data_keys", "Nothing was written");
    }

    [Theory]
    [InlineData(null, "is not set")]
    [InlineData("c2hvcnQ=", "does not hold a master key")]
    public async Task A_new_installation_without_a_usable_key_in_its_variable_makes_no_keyring(string? value, string problem)
    {
        await using var app = await App.CreateAsync(Databases.Sqlite, ("MasterKey__Source", "Environment"), ("MasterKey__Variable", "KEYVAULT_TEST_KEY"));
        if (value is not null) app.Settings["KEYVAULT_TEST_KEY"] = value;

        var refused = (await app.ServeInVainAsync()).Expect(3);

        Assert.Contains("KEYVAULT_TEST_KEY", refused.Errors, StringComparison.Ordinal);
        Assert.Contains(problem, refused.Errors, StringComparison.Ordinal);
        // A key that cannot be one stops the start before there is a database; one that is missing, before there is a keyring.
        if (value is null) Assert.Equal([0], await app.Database.QueryAsync<int>($"SELECT COUNT(*) AS \"Value\" FROM data_keys"));
        else Assert.False(File.Exists(Path.Combine(app.DataDirectory, "keyvault.db")));
        Assert.False(File.Exists(Path.Combine(app.DataDirectory, "master.key")));

        app.Settings["KEYVAULT_TEST_KEY"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        await app.ServeAsync();
        Assert.Equal([2], await app.Database.QueryAsync<int>($"SELECT COUNT(*) AS \"Value\" FROM data_keys"));
        Assert.False(File.Exists(Path.Combine(app.DataDirectory, "master.key")));
    }

    private static async Task<string> MasterKeyIdAsync(App app) => (await app.CliAsync("keyring", "status")).Expect(0).Output["master key ".Length..][..8];

    private static async Task WriteAsync(string file, string text)
    {
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static async Task<string> AssertRefusedAsync(App app, params string[] said)
    {
        var before = await SnapshotAsync(app);
        var started = Stopwatch.GetTimestamp();

        var refused = (await app.ServeInVainAsync()).Expect(3);

        Assert.True(Stopwatch.GetElapsedTime(started) < Seconds);
        Assert.All(said, text => Assert.Contains(text, refused.Errors, StringComparison.Ordinal));
        Assert.Equal(before, await SnapshotAsync(app));
        return refused.Errors;
    }

    /// <summary>What the database holds, and every file beside it; logs may grow.</summary>
    private static async Task<string> SnapshotAsync(App app)
    {
        var rows = await app.Database.StateAsync();
        var keys = await app.Database.QueryAsync<byte[]>($"SELECT wrapped AS \"Value\" FROM data_keys ORDER BY number");
        var file = Path.Combine(app.DataDirectory, "master.key");
        return string.Join('\n', [rows, .. keys.Select(Convert.ToHexString), File.Exists(file) ? Convert.ToHexString(await File.ReadAllBytesAsync(file)) : "no master key"]);
    }
}
