using System.Data.Common;
using KeyVaultApp.IntegrationTests.Harness;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.IntegrationTests.Schema;

/// <summary>What the migrations make of an empty database, read past the model.</summary>
public sealed class EmptyDatabaseTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("keyvault-schema-").FullName;

    public static TheoryData<string> Providers => MigrationTests.Providers;

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Has_the_old_columns_and_starts_with_direct_keys(string provider)
    {
        var databases = Databases.All.Single(each => each.Provider == provider);
        databases.Require();
        await using var database = await databases.CreateAsync(_folder);
        await using var context = database.Context();
        await context.Database.MigrateAsync(TestContext.Current.CancellationToken);

        var connection = context.Database.GetDbConnection();
        await context.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);

        Assert.Empty(await RowsAsync(connection, "SELECT tts_key, stt_key, elevenlabs_key, tts_key_ref, stt_key_ref, elevenlabs_key_ref FROM agents"));
        Assert.Equal("1, 1", Assert.Single(await RowsAsync(connection, "SELECT phase, legacy_columns FROM rollout")));
        await Assert.ThrowsAnyAsync<DbException>(() => RowsAsync(connection, "SELECT no_such_key FROM agents"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<List<string>> RowsAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            rows.Add(string.Join(", ", Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)));
        return rows;
    }
}
