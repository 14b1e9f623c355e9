using System.Net;
using System.Text.Json;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.KeyResolution;

/// <summary>Every row of the table, for every kind, at every door: one slot, all three, by the runtime's own id, explained and listed.</summary>
public abstract class ResolutionTableTests(SharedApp shared) : AppTests(shared)
{
    [Theory]
    [InlineData(Arranged.DirectKeys)]
    [InlineData(Arranged.WithFallback)]
    [InlineData(Arranged.ReferencesOnly)]
    public async Task Every_row_gives_its_answer(string phase)
    {
        var world = await SlotWorld.CreateAsync(App.Database, Admin, phase);
        var rows = ResolutionTable.Of(phase);
        var wrong = new List<string>();
        foreach (var row in rows)
        {
            var agent = await world.AddAgentAsync(row);
            foreach (var kind in Arranged.Kinds)
                foreach (var (door, answer) in await AskAsync(world.Workspace, agent, kind))
                    if (answer != Expected(world, row, agent, kind, door))
                        wrong.Add($"{row}, {kind} {door}: {answer} instead of {row.Answer}");
        }

        Assert.True(wrong is [], string.Join('\n', wrong));
        Assert.True(rows.Count > 60, $"Only {rows.Count} rows.");
    }

    /// <summary>The answer as one line: source, value, key; or why there is none.</summary>
    private static string Expected(SlotWorld world, TableRow row, SlotAgent agent, string kind, string door)
    {
        var (source, reason) = row.Answer.Split(": ") is [var from, var why] ? (from, why) : (row.Answer, null);
        if (source == "not_configured") return door == "explain" ? "not_configured" : "404 not_configured";
        if (reason is not null) return door == "explain" ? $"key_unavailable {reason} {source}" : $"409 key_unavailable {reason}";

        var key = world.Key(kind, SlotWorld.Usable);
        var (value, id) = source == "legacy" ? (agent.Legacy[kind]!, "") : (key.Value, key.Id.ToString());
        return door == "explain" ? $"resolved {source} {id}" : $"200 {source} {id} {value}";
    }

    private async Task<IReadOnlyList<(string Door, string Answer)>> AskAsync(Guid workspace, SlotAgent agent, string kind)
    {
        var byId = $"/api/v1/agents/{agent.Id}/keys";
        var byExternalId = $"/api/v1/workspaces/{workspace}/agents/by-external-id/{Uri.EscapeDataString(agent.ExternalId)}/keys";
        return
        [
            ("by id", await OneAsync($"{byId}/{kind}", agent, kind)),
            ("by external id", await OneAsync($"{byExternalId}/{kind}", agent, kind)),
            ("among three by id", await AmongThreeAsync(byId, agent, kind)),
            ("among three by external id", await AmongThreeAsync(byExternalId, agent, kind)),
            ("explain", await ExplainAsync($"{byId}/{kind}/explain", agent, kind)),
        ];
    }

    private async Task<string> OneAsync(string path, SlotAgent agent, string kind)
    {
        var response = await Resolver.GetAsync(path);
        var json = await response.ReadAsync(response.StatusCode);
        if (response.StatusCode != HttpStatusCode.OK) return $"{(int)response.StatusCode} {json.Text("code")} {Optional(json, "reason")}".TrimEnd();
        Assert.Equal((agent.Id, kind), (json.Id("agent_id"), json.Text("kind")));
        return $"200 {json.Text("source")} {Optional(json, "key_id")} {json.Text("value")}";
    }

    private async Task<string> AmongThreeAsync(string path, SlotAgent agent, string kind)
    {
        var json = await Resolver.ReadAsync(path);
        Assert.Equal(agent.Id, json.Id("agent_id"));
        var slot = json.Slot(kind);
        return Optional(slot, "code") switch
        {
            "" => $"200 {slot.Text("source")} {Optional(slot, "key_id")} {slot.Text("value")}",
            "not_configured" => "404 not_configured",
            var code => $"409 {code} {slot.Text("reason")}",
        };
    }

    private async Task<string> ExplainAsync(string path, SlotAgent agent, string kind)
    {
        var json = await Admin.ReadAsync(path);
        if (agent.Legacy[kind] is { Length: > 10 } legacy && Optional(json, "source") == "legacy")
            Assert.DoesNotContain(legacy.Trim(), json.GetRawText(), StringComparison.Ordinal);
        Assert.NotEmpty(json.GetProperty("steps").EnumerateArray());
        return json.Text("code") switch
        {
            "resolved" => $"resolved {json.Text("source")} {Optional(json, "key_id")}",
            "key_unavailable" => $"key_unavailable {json.Text("reason")} {json.Text("source")}",
            var code => code,
        };
    }

    private static string Optional(JsonElement json, string member) =>
        json.TryGetProperty(member, out var found) && found.ValueKind == JsonValueKind.String ? found.GetString()! : "";

    public sealed class OnSqlite(SqliteApp app) : ResolutionTableTests(app);

    public sealed class OnPostgreSql(PostgreSqlApp app) : ResolutionTableTests(app);

    public sealed class OnSqlServer(SqlServerApp app) : ResolutionTableTests(app);
}
