using System.Text.Json.Nodes;

namespace KeyVaultApp.IntegrationTests.Web;

/// <summary>What a field of a body is, and so in which ways it can be wrong.</summary>
public enum FieldIs
{
    Name,
    Text,
    Notes,
    Slug,
    Value,
    OldKey,
    Id,
    Ids,
    Version,
    Word,
    Words,
    Time,
    Flag,
}

/// <param name="Longest">In characters, where there is a limit.</param>
public sealed record Field(string Name, FieldIs Is, bool IsRequired = false, int Longest = 0);

/// <summary>A body that is sent somewhere, with its fields. Paths and valid bodies are made from what a test arranged.</summary>
public sealed record Operation(string Name, HttpMethod Method, Func<BodyWorld, string> Path, Func<BodyWorld, JsonObject> Valid, params Field[] Fields)
{
    /// <summary>Whether the valid body changes something.</summary>
    public bool Writes { get; init; } = true;

    public override string ToString() => Name;
}

/// <summary>Every body that the API takes.</summary>
public static class BodyCases
{
    private static readonly Field Version = new("version", FieldIs.Version, true);

    private static readonly Field[] Agent =
    [
        new("name", FieldIs.Name, true, 200), new("external_id", FieldIs.Text, false, 200),
        new("selected_tts_key_id", FieldIs.Id), new("selected_stt_key_id", FieldIs.Id), new("selected_elevenlabs_key_id", FieldIs.Id),
        new("tts_key", FieldIs.OldKey, false, 4096), new("stt_key", FieldIs.OldKey, false, 4096), new("elevenlabs_key", FieldIs.OldKey, false, 4096),
    ];

    public static readonly IReadOnlyList<Operation> All =
    [
        new("create workspace", HttpMethod.Post, _ => "/api/v1/workspaces", _ => new() { ["name"] = Harness.Fresh.Name("W") },
            new Field("name", FieldIs.Name, true, 100)),
        new("rename workspace", HttpMethod.Put, world => $"/api/v1/workspaces/{world.Workspace}", _ => new() { ["name"] = Harness.Fresh.Name("W"), ["version"] = 1 },
            new Field("name", FieldIs.Name, true, 100), Version),
        new("create key", HttpMethod.Post, _ => "/api/v1/keys", world => new()
            {
                ["name"] = Harness.Fresh.Name("K"),
                ["kind"] = "tts",
                ["provider"] = "deepgram",
                ["region"] = "eu1",
                ["value"] = Harness.Fresh.Value(),
                ["workspace_ids"] = new JsonArray(world.Workspace.ToString()),
                ["notes"] = "Notes",
                ["expires_at"] = "2999-01-01T00:00:00Z",
                ["skip_test"] = true,
            },
            new("name", FieldIs.Name, true, 100), new("kind", FieldIs.Word, true), new("provider", FieldIs.Slug, false, 50), new("region", FieldIs.Slug, false, 32),
            new("value", FieldIs.Value, true, 4096), new("workspace_ids", FieldIs.Ids), new("notes", FieldIs.Notes, false, 2000), new("expires_at", FieldIs.Time),
            new("skip_test", FieldIs.Flag)),
        new("change key", HttpMethod.Patch, world => $"/api/v1/keys/{world.Key}", _ => new() { ["notes"] = "Other", ["version"] = 1 },
            new("name", FieldIs.Name, false, 100), new("provider", FieldIs.Slug, false, 50), new("region", FieldIs.Slug, false, 32),
            new("notes", FieldIs.Notes, false, 2000), new("expires_at", FieldIs.Time), Version, new("confirm", FieldIs.Flag)),
        new("replace key", HttpMethod.Post, world => $"/api/v1/keys/{world.Key}/versions", _ => new() { ["value"] = Harness.Fresh.Value(), ["version"] = 1 },
            new("value", FieldIs.Value, true, 4096), new("region", FieldIs.Slug, false, 32), Version, new("skip_test", FieldIs.Flag)),
        new("assign key", HttpMethod.Put, world => $"/api/v1/keys/{world.Key}/workspaces",
            world => new() { ["workspace_ids"] = new JsonArray(world.Workspace.ToString(), world.Other.ToString()), ["version"] = 1 },
            new("workspace_ids", FieldIs.Ids, true), Version),
        new("assign to workspace", HttpMethod.Put, world => $"/api/v1/workspaces/{world.Other}/keys",
            world => new() { ["key_ids"] = new JsonArray(world.Key.ToString()), ["version"] = 1 },
            new("key_ids", FieldIs.Ids, true), Version),
        new("assign keys", HttpMethod.Post, _ => "/api/v1/keys/assign",
            world => new() { ["key_ids"] = new JsonArray(world.Key.ToString()), ["workspace_ids"] = new JsonArray(world.Other.ToString()) },
            new("key_ids", FieldIs.Ids, true), new("workspace_ids", FieldIs.Ids, true)),
        new("disable keys", HttpMethod.Post, _ => "/api/v1/keys/disable", world => new() { ["key_ids"] = new JsonArray(world.Key.ToString()), ["confirm"] = true },
            new("key_ids", FieldIs.Ids, true), new("confirm", FieldIs.Flag)),
        new("disable key", HttpMethod.Post, world => $"/api/v1/keys/{world.Key}/disable", _ => new() { ["confirm"] = true },
            new Field("confirm", FieldIs.Flag)),
        new("reassign agents", HttpMethod.Post, world => $"/api/v1/keys/{world.Key}/reassign", world => new() { ["key_id"] = world.Spare.ToString() },
            new Field("key_id", FieldIs.Id, true)),
        new("pick key", HttpMethod.Post, _ => "/api/v1/agents/pick",
            world => new() { ["key_id"] = world.Spare.ToString(), ["agent_ids"] = new JsonArray(world.Agent.ToString()) },
            new("key_id", FieldIs.Id, true), new("agent_ids", FieldIs.Ids, true)),
        new("create agent", HttpMethod.Post, world => $"/api/v1/workspaces/{world.Workspace}/agents", _ => new() { ["name"] = "A" }, Agent),
        new("change agent", HttpMethod.Put, world => $"/api/v1/agents/{world.Agent}", _ => new() { ["name"] = Harness.Fresh.Name("A"), ["version"] = 1 },
            [.. Agent, Version, new("clear_keys", FieldIs.Words)]),
        new("set phase", HttpMethod.Put, _ => "/api/v1/rollout",
            world => new() { ["phase"] = "references_with_fallback", ["workspace_id"] = world.Workspace.ToString(), ["force"] = true },
            new("phase", FieldIs.Word), new("workspace_id", FieldIs.Id), new("force", FieldIs.Flag)),
        new("make plan", HttpMethod.Post, _ => "/api/v1/migration/plans", world => new() { ["workspace_ids"] = new JsonArray(world.Workspace.ToString()) },
            new Field("workspace_ids", FieldIs.Ids)),
        new("preflight", HttpMethod.Post, _ => "/api/v1/rollout/preflight",
            world => new() { ["phase"] = "references_only", ["workspace_id"] = world.Workspace.ToString() },
            new("phase", FieldIs.Word), new("workspace_id", FieldIs.Id)) { Writes = false },
        new("backfill", HttpMethod.Post, _ => "/api/v1/rollout/backfill",
            world => new() { ["workspace_id"] = world.Workspace.ToString(), ["dry_run"] = true },
            new("workspace_id", FieldIs.Id), new("dry_run", FieldIs.Flag)) { Writes = false },
        new("make key", HttpMethod.Post, world => $"/api/v1/agents/{world.Agent}/keys/stt/make-key",
            _ => new() { ["name"] = Harness.Fresh.Name("K"), ["provider"] = "deepgram", ["region"] = "eu1", ["link"] = "workspace", ["confirm"] = true },
            new("name", FieldIs.Name, true, 100), new("provider", FieldIs.Slug, false, 50), new("region", FieldIs.Slug, false, 32),
            new("key_id", FieldIs.Id), new("link", FieldIs.Word), new("confirm", FieldIs.Flag)),
    ];
}
