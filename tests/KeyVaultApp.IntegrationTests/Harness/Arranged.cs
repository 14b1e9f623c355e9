using System.Net;
using System.Text.Json;

namespace KeyVaultApp.IntegrationTests.Harness;

/// <summary>What a test needs before it begins, made through the API.</summary>
public static class Arranged
{
    public const string DirectKeys = "direct_keys";
    public const string WithFallback = "references_with_fallback";
    public const string ReferencesOnly = "references_only";

    public static readonly IReadOnlyList<string> Kinds = ["tts", "stt", "elevenlabs"];

    public static async Task<JsonElement> AddWorkspaceAsync(this Api admin, string? name = null) =>
        await (await admin.PostAsync("/api/v1/workspaces", new { name = name ?? Fresh.Name("Workspace") })).ReadAsync(HttpStatusCode.Created);

    /// <summary>A workspace with a phase of its own.</summary>
    public static async Task<Guid> AddWorkspaceInAsync(this Api admin, string phase)
    {
        var id = (await admin.AddWorkspaceAsync()).Id();
        await admin.SetPhaseAsync(id, phase);
        return id;
    }

    public static async Task SetPhaseAsync(this Api admin, Guid workspace, string? phase) =>
        await (await admin.PutAsync("/api/v1/rollout", new { phase, workspace_id = workspace, force = true })).ReadAsync();

    public static async Task<JsonElement> AddKeyAsync(this Api admin, string kind = "tts", string? value = null, string? name = null, params Guid[] workspaces) =>
        await (await admin.PostAsync("/api/v1/keys", new
        {
            name = name ?? Fresh.Name($"Key {kind}"),
            kind,
            value = value ?? Fresh.Value(),
            workspace_ids = workspaces,
            skip_test = true,
        })).ReadAsync(HttpStatusCode.Created);

    public static async Task<Guid> AddKeyToAsync(this Api admin, Guid workspace, string kind = "tts", string? value = null) =>
        (await admin.AddKeyAsync(kind, value, null, workspace)).Id();

    public static Task<HttpResponseMessage> PostAgentAsync(this Api api, Guid workspace, params (string Member, object? Value)[] members) =>
        api.PostAsync($"/api/v1/workspaces/{workspace}/agents", Body([("name", Fresh.Name("Agent")), .. members]));

    public static async Task<JsonElement> AddAgentAsync(this Api api, Guid workspace, params (string Member, object? Value)[] members) =>
        await (await api.PostAgentAsync(workspace, members)).ReadAsync(HttpStatusCode.Created);

    /// <summary>PUT with what the agent is called, its version, and these members.</summary>
    public static Task<HttpResponseMessage> PutAgentAsync(this Api api, JsonElement agent, params (string Member, object? Value)[] members) =>
        api.PutAsync($"/api/v1/agents/{agent.Id()}", Body([("name", agent.Text("name")), ("version", agent.GetProperty("version").GetInt32()), .. members]));

    public static Task<HttpResponseMessage> ResolveAsync(this Api resolver, Guid agent, string kind = "tts") =>
        resolver.GetAsync($"/api/v1/agents/{agent}/keys/{kind}");

    /// <summary>The actual key, where there has to be one.</summary>
    public static async Task<string> ResolvedValueAsync(this Api resolver, Guid agent, string kind = "tts") =>
        (await (await resolver.ResolveAsync(agent, kind)).ReadAsync()).Text("value");

    /// <summary>The activity entries of one workspace, key or agent, newest first.</summary>
    public static async Task<IReadOnlyList<JsonElement>> ActivityOfAsync(this Api admin, Guid target) =>
        (await admin.ReadAsync($"/api/v1/activity?target_id={target}")).Items();

    public static IReadOnlyList<JsonElement> Items(this JsonElement page) => [.. page.GetProperty("items").EnumerateArray()];

    public static int Version(this JsonElement row) => row.GetProperty("version").GetInt32();

    public static JsonElement Slot(this JsonElement agent, string kind) => agent.GetProperty("slots").GetProperty(kind);

    public static Dictionary<string, object?> Body(params (string Member, object? Value)[] members)
    {
        var body = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (member, value) in members) body[member] = value;
        return body;
    }
}
