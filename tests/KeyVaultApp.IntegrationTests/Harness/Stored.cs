using System.Runtime.CompilerServices;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.IntegrationTests.Harness;

/// <summary>The database past the API: what really stands there, and states that no API makes.</summary>
public static class Stored
{
    private static readonly string[] Versioned = ["workspaces", "agents", "api_key_resources", "rollout"];

    private static readonly string[] Counted =
    [
        "workspaces", "workspace_members", "agents", "api_key_resources", "api_key_versions", "api_key_assignments", "api_key_tombstones",
        "data_keys", "activity", "backfills", "backfill_journal", "access_tokens", "access_token_workspaces", "users",
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<int> ExecuteAsync(this Database database, FormattableString sql)
    {
        await using var context = database.Context();
        return await context.Database.ExecuteSqlAsync(sql, Ct);
    }

    public static async Task<IReadOnlyList<T>> QueryAsync<T>(this Database database, FormattableString sql)
    {
        await using var context = database.Context();
        return await context.Database.SqlQuery<T>(sql).ToListAsync(Ct);
    }

    /// <summary>How many rows every table has, and how often its rows were changed: equal before and after means that nothing was written.</summary>
    public static async Task<string> StateAsync(this Database database)
    {
        var counts = Counted.Select(table => $"SELECT '{table}' AS what, COUNT(*) AS number FROM {table}");
        var versions = Versioned.Select(table => $"SELECT '{table} versions' AS what, SUM(version) AS number FROM {table}");
        await using var context = database.Context();
        await context.Database.OpenConnectionAsync(Ct);
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = string.Join(" UNION ALL ", counts.Concat(versions)) + " ORDER BY 1";
        await using var reader = await command.ExecuteReaderAsync(Ct);
        var lines = new List<string>();
        while (await reader.ReadAsync(Ct)) lines.Add($"{reader.GetString(0)} {reader.GetValue(1)}");
        return string.Join('\n', lines);
    }

    /// <summary>Puts anything into an old column, as the product before this one did.</summary>
    public static Task SetLegacyAsync(this Database database, Guid agent, string kind, string? value) => database.ExecuteRawAsync(
        $"UPDATE agents SET {kind}_key = {(value is null ? "NULL" : "{1}")} WHERE id = {{0}}", [agent, .. value is null ? Array.Empty<object>() : [value]]);

    public static Task SetReferenceAsync(this Database database, Guid agent, string kind, Guid key) =>
        database.ExecuteRawAsync($"UPDATE agents SET selected_{kind}_key_id = {{1}} WHERE id = {{0}}", [agent, key]);

    public static async Task<string?> LegacyAsync(this Database database, Guid agent, string kind) =>
        Assert.Single(await database.QueryAsync<string?>(FormattableStringFactory.Create($"SELECT {kind}_key AS \"Value\" FROM agents WHERE id = {{0}}", agent)));

    /// <summary>Flips a bit of every sealed value of a key: none of them opens any more.</summary>
    public static async Task BreakAsync(this Database database, Guid key)
    {
        await using var context = database.Context();
        foreach (var version in await context.KeyVersions.Where(version => version.KeyId == key).ToListAsync(Ct))
        {
            byte[] changed = [.. version.Sealed];
            changed[^1] ^= 1;
            version.Sealed = changed;
        }

        Assert.True(await context.SaveChangesAsync(Ct) > 0);
    }

    /// <summary>Pages lead to the set-up page while there is nobody.</summary>
    public static async Task OpenPanelAsync(this Database database)
    {
        await using var context = database.Context();
        if (await context.Users.AnyAsync(Ct)) return;
        context.Users.Add(new User { Id = Guid.NewGuid(), Email = "somebody@example.com", UserName = "somebody@example.com", SecurityStamp = "x", Role = Role.Ops, CreatedAt = DateTimeOffset.UnixEpoch });
        await context.SaveChangesAsync(Ct);
    }

    /// <summary>What a backfill keeps.</summary>
    public static async Task<IReadOnlyList<BackfillEntry>> BackfilledAsync(this Database database, Guid backfill)
    {
        await using var context = database.Context();
        return await context.BackfillEntries.AsNoTracking().Where(entry => entry.BackfillId == backfill && entry.Sealed != null).ToListAsync(Ct);
    }

    /// <summary>Moves what a backfill keeps of one agent's tts slot to another's: it is sealed to its own row.</summary>
    public static async Task MoveBackfilledAsync(this Database database, Guid backfill, Guid from, Guid to)
    {
        await using var context = database.Context();
        var entries = await context.BackfillEntries.Where(entry => entry.BackfillId == backfill && entry.Kind == KeyKind.Tts).ToDictionaryAsync(entry => entry.AgentId, Ct);
        (entries[to].Sealed, entries[to].DataKeyNumber) = (entries[from].Sealed, entries[from].DataKeyNumber);
        (entries[from].Sealed, entries[from].DataKeyNumber) = (null, null);
        Assert.Equal(2, await context.SaveChangesAsync(Ct));
    }

    private static async Task ExecuteRawAsync(this Database database, string sql, object[] values)
    {
        await using var context = database.Context();
        Assert.Equal(1, await context.Database.ExecuteSqlRawAsync(sql, values, Ct));
    }
}
