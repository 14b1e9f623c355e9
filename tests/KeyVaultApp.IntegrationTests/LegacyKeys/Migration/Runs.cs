using System.Net;
using System.Text.Json;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.LegacyKeys.Migration;

/// <summary>Runs as the API has them.</summary>
internal static class Runs
{
    public const string Address = "/api/v1/migration/runs";

    /// <summary>What the log says of a piece that has to be tried again.</summary>
    public const string PieceFailed = "A piece of run";

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    public static Task<HttpResponseMessage> PostRunAsync(this Api api, JsonElement plan, string? hash = null) =>
        api.PostAsync(Address, new { plan_id = plan.Id(), plan_hash = hash ?? plan.Text("hash") });

    public static async Task<Guid> StartRunAsync(this Api api, JsonElement plan) => (await (await api.PostRunAsync(plan)).ReadAsync(HttpStatusCode.Accepted)).Id();

    /// <summary>Carries out a plan, watching it to its end.</summary>
    public static async Task<JsonElement> RunAsync(this Api api, JsonElement plan) => await api.EndOfAsync(await api.StartRunAsync(plan));

    public static async Task<JsonElement> RollBackAsync(this Api api, Guid run, bool? force = null, bool? removeUnusedKeys = null) =>
        await api.EndOfAsync((await (await api.PostAsync($"{Address}/{run}/rollback", new { force, remove_unused_keys = removeUnusedKeys })).ReadAsync(HttpStatusCode.Accepted)).Id());

    public static Task<JsonElement> RunAsync(this Api api, Guid run) => api.ReadAsync($"{Address}/{run}");

    public static async Task DoAsync(this Api api, Guid run, string what) => await (await api.PostAsync($"{Address}/{run}/{what}", new { })).ReadAsync(HttpStatusCode.Accepted);

    public static async Task<IReadOnlyList<JsonElement>> RunItemsAsync(this Api api, Guid run, string? outcome = null) =>
        (await api.ReadAsync($"{Address}/{run}/items?page_size=200{(outcome is null ? "" : $"&outcome={outcome}")}")).Items();

    /// <summary>Watches a run until it has ended.</summary>
    public static Task<JsonElement> EndOfAsync(this Api api, Guid run) => api.UntilAsync(run, state => state.Text("state") is "completed" or "stopped" or "failed");

    /// <summary>Watches a run through its events until it is as wanted; what it was then.</summary>
    public static async Task<JsonElement> UntilAsync(this Api api, Guid run, Func<JsonElement, bool> isWanted)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(Longest);
        var last = "nothing";
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Address}/{run}/events");
        using var answer = await api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, late.Token);
        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(late.Token));
        while (await lines.ReadLineAsync(late.Token) is { } line)
        {
            if (!line.StartsWith("data: ", StringComparison.Ordinal)) continue;
            last = line["data: ".Length..];
            using var json = JsonDocument.Parse(last);
            if (isWanted(json.RootElement)) return json.RootElement.Clone();
        }

        throw new InvalidOperationException($"The events ended before that, with {last}");
    }

    public static int Number(this JsonElement json, string member) => json.GetProperty(member).GetInt32();

    /// <summary>What a run says of its slots.</summary>
    public static (string State, int Total, int Done, int Linked, int Skipped, int Failed) Told(this JsonElement run) =>
        (run.Text("state"), run.Number("total"), run.Number("done"), run.Number("linked"), run.Number("skipped"), run.Number("failed"));

    /// <summary>What became of the slots of an agent.</summary>
    public static IEnumerable<string> OutcomesOf(this IReadOnlyList<JsonElement> items, Guid agent) =>
        items.Where(item => item.Id("agent_id") == agent).Select(item => item.Text("outcome"));
}

/// <summary>One run at a time in an installation, so tests that share one take turns.</summary>
public static class Turns
{
    public const string Sqlite = "runs on SQLite";
    public const string PostgreSql = "runs on PostgreSQL";
    public const string SqlServer = "runs on SQL Server";
}
