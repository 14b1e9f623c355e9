using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Cli;

/// <summary>With the embedded default any verb may come first: it makes what is missing, readable by its owner alone.</summary>
public sealed class FirstVerbTests
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Theory]
    [InlineData("db update")]
    [InlineData("db status")]
    [InlineData("keyring status")]
    [InlineData("keyring verify")]
    [InlineData("rollout show")]
    [InlineData("rollout set references_with_fallback")]
    [InlineData("tokens create --name First --role admin")]
    [InlineData("tokens list")]
    [InlineData("users list")]
    public async Task Makes_the_installation(string line)
    {
        await using var app = await EmptyAsync();

        (await app.CliAsync(line.Split(' '))).Expect(0);

        AssertOwnerOnly(app);
    }

    [Fact]
    public async Task Adding_a_user_first_makes_it_too()
    {
        await using var app = await EmptyAsync();

        (await app.CliWithInputAsync("correct horse battery\n", "users", "add", "--email", "first@example.com", "--role", "admin")).Expect(0);

        Assert.Contains("first@example.com", (await app.CliAsync("users", "list")).Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Importing_first_makes_it_too()
    {
        await using var app = await EmptyAsync();
        await File.WriteAllTextAsync(
            Path.Combine(app.Folder, "agents.csv"), "workspace,name,external_id,tts_key,stt_key,elevenlabs_key\nAcme,One,,k,,\n", TestContext.Current.CancellationToken);

        (await app.CliAsync("agents", "import", "--file", "agents.csv")).Expect(0);

        AssertOwnerOnly(app);
    }

    [Fact]
    public async Task Serving_makes_it_and_prints_the_address()
    {
        await using var app = await EmptyAsync();

        await app.ServeAsync();

        Assert.Contains($"listens on {app.Address.GetLeftPart(UriPartial.Authority)}", app.Printed, StringComparison.Ordinal);
        AssertOwnerOnly(app);
    }

    [Fact]
    public async Task A_server_database_is_not_changed_unasked()
    {
        await using var app = await App.CreateAsync(Databases.PostgreSql);

        foreach (var verb in new[] { "users list", "keyring status", "serve" })
            Assert.Contains("db update", (await app.CliAsync(verb.Split(' '))).Expect(3).Errors, StringComparison.Ordinal);
        Assert.Contains("pending", (await app.CliAsync("db", "status")).Expect(0).Output, StringComparison.Ordinal);

        (await app.CliAsync("db", "update")).Expect(0);
        Assert.DoesNotContain("pending", (await app.CliAsync("db", "status")).Expect(0).Output, StringComparison.Ordinal);
        (await app.CliAsync("users", "list")).Expect(0);
    }

    private static async Task<App> EmptyAsync()
    {
        var app = await App.CreateAsync(Databases.Sqlite);
        app.Settings.Remove("ConnectionStrings__KeyVault");
        // Relative, so the caller's; made by the app and not by the harness.
        app.Settings["DataDirectory"] = "made/by/the/app";
        return app;
    }

    private static void AssertOwnerOnly(App app)
    {
        var data = Path.Combine(app.Folder, "made", "by", "the", "app");
        Assert.True(File.Exists(Path.Combine(data, "keyvault.db")));
        Assert.True(File.Exists(Path.Combine(data, "master.key")));
        if (OperatingSystem.IsWindows()) return;
        foreach (var file in Directory.GetFiles(data)) Assert.Equal(Owner, File.GetUnixFileMode(file));
        foreach (var folder in new[] { data, Path.Combine(data, "logs") }) Assert.Equal(Owner | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
    }
}
