using System.Text.Json;
using KeyVaultApp.IntegrationTests.Harness;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.IntegrationTests.Storage;

public abstract class DbVerbTests(Databases provider)
{
    [Fact]
    public async Task The_script_makes_what_update_makes_and_status_tells()
    {
        await using var app = await App.CreateAsync(provider);
        var script = (await app.CliAsync("db", "script")).Expect(0).Output;
        if (provider == Databases.Sqlite) await RemakeAsync(app);

        await RunAsync(app, script);
        // Only a server's script can be run again: SQLite has no conditional statements.
        if (provider != Databases.Sqlite) await RunAsync(app, script);

        var status = await StatusAsync(app);
        Assert.Equal((provider.Provider, true), (status.Text("provider"), status.GetProperty("reachable").GetBoolean()));
        Assert.Empty(status.GetProperty("pending").EnumerateArray());
        Assert.NotEmpty(status.GetProperty("applied").EnumerateArray());
        for (var i = 0; i < 2; i++) (await app.CliAsync("db", "update")).Expect(0);
        await app.ServeAsync();
    }

    private static async Task<JsonElement> StatusAsync(App app)
    {
        using var status = JsonDocument.Parse((await app.CliAsync("db", "status", "--json")).Expect(0).Output);
        return status.RootElement.Clone();
    }

    /// <summary>With the embedded default every verb has already made the database.</summary>
    private static Task RemakeAsync(App app)
    {
        foreach (var file in Directory.GetFiles(app.DataDirectory)) File.Delete(file);
        return Task.CompletedTask;
    }

    private static async Task RunAsync(App app, string script)
    {
        await using var context = app.Database.Context();
        await context.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = script;
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public sealed class OnSqlite() : DbVerbTests(Databases.Sqlite);

    public sealed class OnPostgreSql() : DbVerbTests(Databases.PostgreSql)
    {
        [Fact]
        public async Task A_database_that_is_away_is_told_and_nothing_hangs()
        {
            await using var app = await App.CreateAsync(Databases.PostgreSql);
            app.Settings["ConnectionStrings__KeyVault"] = "Host=127.0.0.1;Port=1;Username=nobody;Database=none;Timeout=2";

            Assert.False((await StatusAsync(app)).GetProperty("reachable").GetBoolean());
            Assert.Contains("cannot be reached", (await app.ServeInVainAsync()).Expect(3).Errors, StringComparison.Ordinal);
            (await app.CliAsync("db", "update")).Expect(1);
            Assert.Contains("CREATE TABLE", (await app.CliAsync("db", "script")).Expect(0).Output, StringComparison.Ordinal);
        }
    }
}
