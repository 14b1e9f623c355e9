using System.Net;
using System.Text.Json;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.LegacyKeys.Migration;

/// <summary>Plans as the API has them.</summary>
internal static class Plans
{
    public static async Task<JsonElement> MakePlanAsync(this Api api, params Guid[] workspaces) =>
        await (await api.PostAsync("/api/v1/migration/plans", new { workspace_ids = workspaces })).ReadAsync(HttpStatusCode.Created);

    public static Task<JsonElement> PlanAsync(this Api api, JsonElement plan) => api.ReadAsync($"/api/v1/migration/plans/{plan.Id()}");

    public static async Task<IReadOnlyList<JsonElement>> PlanItemsAsync(this Api api, JsonElement plan, string query = "") =>
        (await api.ReadAsync($"/api/v1/migration/plans/{plan.Id()}/items?page_size=200&{query}")).Items();

    /// <summary>The item of a value that ends like nothing else in the plan.</summary>
    public static async Task<JsonElement> PlanItemAsync(this Api api, JsonElement plan, string value, Guid? workspace = null) => Assert.Single(
        await api.PlanItemsAsync(plan), item => item.GetProperty("last4").GetString() == value[^4..] && (workspace is null || item.Id("workspace_id") == workspace));

    public static Task<HttpResponseMessage> DecideAsync(this Api api, JsonElement plan, params object[] decisions) =>
        api.PutAsync($"/api/v1/migration/plans/{plan.Id()}/decisions", new { decisions });

    public static object About(this JsonElement item, string action, Guid? workspace = null, Guid? key = null, string? name = null) => Arranged.Body([
        ("kind", item.Text("kind")), ("fingerprint", item.Text("fingerprint")), ("action", action),
        .. workspace is { } only ? new[] { ("workspace_id", (object?)only) } : [],
        .. key is { } id ? new[] { ("key_id", (object?)id) } : [],
        .. name is not null ? new[] { ("name", (object?)name) } : [],
    ]);

    public static (int Slots, int Groups) Bucket(this JsonElement plan, string bucket) =>
        (plan.GetProperty("counts").GetProperty(bucket).GetProperty("slots").GetInt32(), plan.GetProperty("counts").GetProperty(bucket).GetProperty("groups").GetInt32());

    /// <summary>An agent that holds this in an old column, as the product before this one wrote it.</summary>
    public static async Task<Guid> AddHolderAsync(this App app, Api admin, Guid workspace, string value, string kind = "tts")
    {
        var agent = (await admin.AddAgentAsync(workspace)).Id();
        await app.Database.SetLegacyAsync(agent, kind, value);
        return agent;
    }
}
