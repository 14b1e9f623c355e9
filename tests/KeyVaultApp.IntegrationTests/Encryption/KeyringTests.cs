using System.Text.Json;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Encryption;

public abstract class KeyringTests(SharedApp shared) : AppTests(shared)
{
    [Fact]
    public async Task Status_tells_the_keys_by_their_ids_and_verify_lists_what_does_not_open()
    {
        var value = Fresh.Value();
        var (good, broken) = (await Admin.AddKeyAsync("tts", value), await Admin.AddKeyAsync("stt", value));

        using var status = JsonDocument.Parse((await App.CliAsync("keyring", "status", "--json")).Expect(0).Output);
        Assert.Matches("^[0-9a-f]{8}$", status.RootElement.Text("master_key_id"));
        Assert.Equal([(1, "values", "active", 2), (2, "fingerprints", "active", 0)], status.RootElement.GetProperty("data_keys").EnumerateArray()
            .Select(key => (key.GetProperty("number").GetInt32(), key.Text("purpose"), key.Text("state"), key.GetProperty("versions").GetInt32())));
        Assert.Matches($"^The file .*master[.]key holds master key {status.RootElement.Text("master_key_id")}\n", (await App.CliAsync("keyring", "status")).Expect(0).Output);
        Assert.StartsWith("2 values open, 0 do not.", (await App.CliAsync("keyring", "verify")).Expect(0).Output, StringComparison.Ordinal);

        await App.Database.BreakAsync(broken.Id());

        var found = (await App.CliAsync("keyring", "verify")).Expect(1);
        Assert.StartsWith("1 values open, 1 do not.", found.Output, StringComparison.Ordinal);
        Assert.Contains($"unreadable  {broken.Text("name")}  version 1  {broken.Id()}", found.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(good.Text("name"), found.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(value[3..], found.Output + found.Errors, StringComparison.Ordinal);
        using var json = JsonDocument.Parse((await App.CliAsync("keyring", "verify", "--json")).Expect(1).Output);
        Assert.Equal([broken.Id()], json.RootElement.GetProperty("unreadable").EnumerateArray().Select(row => row.Id("key_id")));
    }

    public sealed class OnSqlite(SqliteApp app) : KeyringTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgreSql(PostgreSqlApp app) : KeyringTests(app), IClassFixture<PostgreSqlApp>;

    public sealed class OnSqlServer(SqlServerApp app) : KeyringTests(app), IClassFixture<SqlServerApp>;
}
