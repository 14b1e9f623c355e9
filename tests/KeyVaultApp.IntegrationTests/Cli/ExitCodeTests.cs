using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Cli;

public sealed class ExitCodeTests(SqliteApp shared) : AppTests(shared)
{
    [Theory]
    [InlineData("unknown")]
    [InlineData("db")]
    [InlineData("db upgrade")]
    [InlineData("keyring status --verbose")]
    [InlineData("tokens revoke not-an-id")]
    [InlineData("tokens revoke")]
    [InlineData("users list extra")]
    [InlineData("rollout set references_only direct_keys")]
    public async Task Wrong_usage_is_2_and_says_so_on_standard_error(string line)
    {
        var result = (await App.CliAsync(line.Split(' '))).Expect(2);

        Assert.Empty(result.Output);
        Assert.Contains("--help", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Storage__Provider", "Oracle", "Storage:Provider")]
    [InlineData("MasterKey__Source", "Drawer", "MasterKey:Source")]
    public async Task A_setting_that_cannot_be_used_is_named_and_nothing_starts(string name, string value, string key)
    {
        await using var app = await App.CreateAsync(Databases.Sqlite, (name, value));

        foreach (var verb in new[] { "serve", "users" })
            Assert.Contains(key, (await app.CliAsync(verb == "users" ? ["users", "list"] : [verb])).Expect(3).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_directory_that_cannot_be_made_is_named()
    {
        await using var app = await App.CreateAsync(Databases.Sqlite);
        var file = Path.Combine(app.Folder, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        app.Settings["DataDirectory"] = Path.Combine(file, "data");

        foreach (var verb in new[] { "serve", "users list" })
            Assert.Contains("The setting DataDirectory names a folder", (await app.CliAsync(verb.Split(' '))).Expect(3).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_are_taken_as_arguments_too()
    {
        await using var app = await App.CreateAsync(Databases.Sqlite);

        Assert.Contains("Storage:Provider", (await app.CliAsync("users", "list", "--Storage:Provider=Oracle")).Expect(3).Errors, StringComparison.Ordinal);
        (await app.CliAsync("users", "list", "--Storage:Provider=Sqlite")).Expect(0);
    }

    [Fact]
    public async Task Results_go_to_standard_output_and_logs_do_not()
    {
        await using var app = await App.CreateAsync(Databases.Sqlite, ("Serilog__MinimumLevel__Override__Microsoft", "Debug"));

        var result = (await app.CliAsync("rollout", "show", "--json")).Expect(0);

        Assert.StartsWith("{", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("}", result.Output.TrimEnd(), StringComparison.Ordinal);
        Assert.Contains("DBG", result.Errors, StringComparison.Ordinal);
    }
}
