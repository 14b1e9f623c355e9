using System.Net;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.KeyResolution;

/// <summary>A workspace with a key of every kind in every state, for slots to name.</summary>
public sealed class SlotWorld
{
    public const string Usable = "usable";

    private readonly Dictionary<(string Kind, string State), (Guid Id, string Value)> _keys = [];
    private readonly Database _database;
    private readonly Api _admin;

    private SlotWorld(Database database, Api admin, Guid workspace)
    {
        _database = database;
        _admin = admin;
        Workspace = workspace;
    }

    public Guid Workspace { get; }

    public static async Task<SlotWorld> CreateAsync(Database database, Api admin, string phase)
    {
        var world = new SlotWorld(database, admin, await admin.AddWorkspaceInAsync(phase));
        foreach (var kind in Arranged.Kinds)
            foreach (var state in new[] { Usable, "deleted", "disabled", "expired", "not_assigned", "unreadable", "disabled, expired and not_assigned", "expired and not_assigned" })
                await world.AddAsync(kind, state);
        return world;
    }

    public (Guid Id, string Value) Key(string kind, string state) =>
        state == "wrong_kind" ? Key(Arranged.Kinds[(Array.IndexOf([.. Arranged.Kinds], kind) + 1) % Arranged.Kinds.Count], Usable) : _keys[(kind, state)];

    /// <summary>An agent whose three slots all hold this; values come from the old columns as they were put there.</summary>
    public async Task<SlotAgent> AddAgentAsync(TableRow row)
    {
        var external = Fresh.Name("runtime/id +");
        var agent = (await _admin.AddAgentAsync(Workspace, ("external_id", external))).Id();
        var legacy = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var kind in Arranged.Kinds)
        {
            legacy[kind] = Legacy(row.Legacy, kind);
            await _database.SetLegacyAsync(agent, kind, legacy[kind]);
            if (row.Reference != "none") await _database.SetReferenceAsync(agent, kind, Key(kind, row.Reference).Id);
        }

        return new SlotAgent(agent, external, legacy);
    }

    private string? Legacy(string form, string kind) => form switch
    {
        "none" => null,
        "empty" => "",
        "blank" => " \t ",
        "raw" => Fresh.Value(),
        "short raw" => "k1",
        "padded raw" => $"  {Fresh.Value()}\t ",
        "emoji raw" => $"clé-🔑-{Fresh.Value()}",
        "32 hex digits of a key" => Key(kind, Usable).Id.ToString("N"),
        "braced id of a key" => Key(kind, Usable).Id.ToString("B"),
        "padded id of a key" => $"{Key(kind, Usable).Id} ",
        "unknown UUID" => Guid.NewGuid().ToString(),
        "36 characters" => $"{Fresh.Value()}x",
        "upper-case id of usable" => Key(kind, Usable).Id.ToString().ToUpperInvariant(),
        _ => Key(kind, form["id of ".Length..]).Id.ToString(),
    };

    private async Task AddAsync(string kind, string state)
    {
        var value = Fresh.Value();
        var key = await _admin.AddKeyToAsync(Workspace, kind, value);
        _keys[(kind, state)] = (key, value);
        if (state.Contains("expired", StringComparison.Ordinal))
            await (await _admin.PatchAsync($"/api/v1/keys/{key}", new { expires_at = "2020-01-01T00:00:00Z", version = 1 })).ReadAsync();
        if (state.Contains("disabled", StringComparison.Ordinal))
            await (await _admin.PostAsync($"/api/v1/keys/{key}/disable", new { })).ReadAsync();
        if (state.Contains("not_assigned", StringComparison.Ordinal))
            Assert.Equal(1, await _database.ExecuteAsync($"DELETE FROM api_key_assignments WHERE key_id = {key}"));
        if (state == "deleted") await (await _admin.DeleteAsync($"/api/v1/keys/{key}")).ReadAsync(HttpStatusCode.NoContent);
        if (state == "unreadable") await _database.BreakAsync(key);
    }
}

public sealed record SlotAgent(Guid Id, string ExternalId, IReadOnlyDictionary<string, string?> Legacy);
