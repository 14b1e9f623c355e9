using System.Text.Json;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.LegacyKeys;

public abstract class ImportAgentsTests(SharedApp shared) : AppTests(shared)
{
    [Fact]
    public async Task Rows_become_agents_whose_keys_resolve_byte_for_byte()
    {
        var (known, unknown) = (await Admin.AddWorkspaceAsync(), Unique("Wörk, \"quoted\""));
        var quoted = unknown.Replace("\"", "\"\"", StringComparison.Ordinal);
        var (tts, stt) = (Fresh.Value(), $"  {Fresh.Value()} , padded ");

        var done = Read(await App.ImportAsync(
            $"{known.Text("name").ToUpperInvariant()},عميل 🤖,crm-1,{tts},\"{stt}\",",
            $"\"{quoted}\",\"Two, \"\"Inc\"\"\",,,,{tts}"));

        Assert.Equal((2, 1, 2, 0), Counts(done));
        var first = Assert.Single(await AgentsAsync(known.Id()));
        Assert.Equal(("عميل 🤖", "crm-1"), (first.Text("name"), first.Text("external_id")));
        Assert.Equal((tts, stt), (await Resolver.ResolvedValueAsync(first.Id()), await Resolver.ResolvedValueAsync(first.Id(), "stt")));
        Assert.Equal("none", first.Slot("elevenlabs").Text("state"));
        var made = (await Admin.ReadAsync($"/api/v1/workspaces?search={Uri.EscapeDataString(unknown)}")).Items().Single();
        var second = Assert.Single(await AgentsAsync(made.Id()));
        Assert.Equal("Two, \"Inc\"", second.Text("name"));
        Assert.Equal(tts, await Resolver.ResolvedValueAsync(second.Id(), "elevenlabs"));
    }

    [Fact]
    public async Task Run_again_it_changes_nothing_and_tells_what_changed_since()
    {
        var workspace = await Admin.AddWorkspaceAsync();
        var (name, value, other) = (workspace.Text("name"), Fresh.Value(), Fresh.Value());
        string[] rows = [$"{name},One,e1,{value},,", $"{name},Two,,{value},,"];
        Assert.Equal((2, 0, 2, 0), Counts(Read(await App.ImportAsync(rows))));
        var before = await AgentsAsync(workspace.Id());
        var imports = await ImportsAsync();

        Assert.Equal((2, 0, 0, 0), Counts(Read(await App.ImportAsync(rows))));
        Assert.Equal(before.Select(agent => agent.GetRawText()), (await AgentsAsync(workspace.Id())).Select(agent => agent.GetRawText()));
        Assert.Equal(imports, await ImportsAsync());

        // Matched by external_id whatever it is called now; by name, whatever its case, where there is none. A blank key changes nothing.
        Assert.Equal((2, 0, 0, 2), Counts(Read(await App.ImportAsync($"{name},Uno,e1,{other},,", $"{name},TWO,,,{other},"))));
        var after = await AgentsAsync(workspace.Id());
        Assert.Equal(before.Select(agent => agent.Id()).Order(), after.Select(agent => agent.Id()).Order());
        var one = after.Single(agent => agent.Text("name") == "Uno");
        var two = after.Single(agent => agent.Id() != one.Id());
        Assert.Equal(other, await Resolver.ResolvedValueAsync(one.Id()));
        Assert.Equal((value, other), (await Resolver.ResolvedValueAsync(two.Id()), await Resolver.ResolvedValueAsync(two.Id(), "stt")));
        Assert.Equal(imports + 1, await ImportsAsync());
    }

    [Fact]
    public async Task An_agent_that_gets_an_external_id_stays_the_same_agent()
    {
        var workspace = await Admin.AddWorkspaceAsync();
        var (name, value) = (workspace.Text("name"), Fresh.Value());
        Assert.Equal((1, 0, 1, 0), Counts(Read(await App.ImportAsync($"{name},One,,{value},,"))));

        Assert.Equal((1, 0, 0, 1), Counts(Read(await App.ImportAsync($"{name},ONE,crm-9,{value},,"))));
        Assert.Equal((1, 0, 0, 0), Counts(Read(await App.ImportAsync($"{name},One,,{value},,"))));
        // It has one now, so another one is another agent's.
        Assert.Equal((1, 0, 1, 0), Counts(Read(await App.ImportAsync($"{name},One,crm-10,{value},,"))));

        Assert.Equal(["crm-10", "crm-9"], (await AgentsAsync(workspace.Id())).Select(agent => agent.Text("external_id")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_key_that_replaces_another_takes_the_slots_reference_with_it()
    {
        var workspace = await Admin.AddWorkspaceAsync();
        var (tts, stt) = (await Admin.AddKeyToAsync(workspace.Id()), await Admin.AddKeyToAsync(workspace.Id(), "stt"));
        var agent = (await Admin.AddAgentAsync(
            workspace.Id(), ("external_id", "e"), ("tts_key", Fresh.Value()), ("selected_tts_key_id", tts), ("selected_stt_key_id", stt))).Id();

        Read(await App.ImportAsync($"{workspace.Text("name")},Agent,e,{Fresh.Value()},,"));

        var changed = await Admin.ReadAsync($"/api/v1/agents/{agent}");
        Assert.Equal(JsonValueKind.Null, changed.GetProperty("selected_tts_key_id").ValueKind);
        Assert.Equal(stt, changed.Id("selected_stt_key_id"));
    }

    [Fact]
    public async Task Two_imports_at_once_add_an_agent_without_external_id_once()
    {
        const int Rows = 2000;
        var workspace = await Admin.AddWorkspaceAsync();
        var rows = Enumerable.Range(1, Rows).Select(number => $"{workspace.Text("name")},Agent {number},,k{number},,").ToArray();

        var done = (await Task.WhenAll(App.ImportAsync(rows), App.ImportAsync(rows))).Select(result => Counts(Read(result))).OrderBy(counts => counts.Created).ToList();

        Assert.Equal([(Rows, 0, 0, 0), (Rows, 0, Rows, 0)], done);
        Assert.Equal(Rows, (await Admin.ReadAsync($"/api/v1/workspaces/{workspace.Id()}")).GetProperty("agent_count").GetInt32());
    }

    [Theory]
    [InlineData(Arranged.WithFallback)]
    [InlineData(Arranged.ReferencesOnly)]
    public async Task A_workspace_past_direct_keys_takes_rows_without_keys_alone(string phase)
    {
        var workspace = await Admin.AddWorkspaceAsync();
        await Admin.SetPhaseAsync(workspace.Id(), phase);
        var (name, other, value) = (workspace.Text("name"), Unique("Other"), Fresh.Value());

        var refused = (await App.ImportAsync($"{other},Fine,,{value},,", $"{name},Late,,,{value},")).Expect(1);

        Assert.Contains("line 3, column stt_key", refused.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(value, refused.Output + refused.Errors, StringComparison.Ordinal);
        Assert.Empty(await AgentsAsync(workspace.Id()));
        Assert.Equal(0, (await Admin.ReadAsync($"/api/v1/workspaces?search={other}")).GetProperty("total").GetInt32());

        Assert.Equal((1, 0, 1, 0), Counts(Read(await App.ImportAsync($"{name},Late,,,,"))));
    }

    [Fact]
    public async Task Agents_that_the_file_names_twice_or_not_clearly_are_refused_by_line()
    {
        var workspace = await Admin.AddWorkspaceAsync();
        var name = workspace.Text("name");
        for (var i = 0; i < 2; i++) await Admin.AddAgentAsync(workspace.Id(), ("name", "Twin"));
        var before = (await AgentsAsync(workspace.Id())).Count;

        foreach (var (rows, expected) in new[]
        {
            (new[] { $"{name},A,same,,,", $"{name},B,same,,," }, "line 3, column external_id"),
            ([$"{name},Anna,,,,", $"{name},ANNA,,,,"], "line 3, column name"),
            ([$"{name},Anna,,,,", $"{name},Anna,e9,,,"], "line 3, column name"),
            ([$"{name},twin,,{Fresh.Value()},,"], "line 2, column name"),
        })
            Assert.Contains(expected, (await App.ImportAsync(rows)).Expect(1).Errors, StringComparison.Ordinal);

        Assert.Equal(before, (await AgentsAsync(workspace.Id())).Count);
        Assert.Equal((2, 0, 2, 0), Counts(Read(await App.ImportAsync($"{name},Anna,e8,,,", $"{name},Anna,e9,,,"))));
    }

    private static JsonElement Read(CliResult result)
    {
        using var document = JsonDocument.Parse(result.Expect(0).Output);
        return document.RootElement.Clone();
    }

    private static (int Rows, int Workspaces, int Created, int Updated) Counts(JsonElement done) => (
        done.GetProperty("rows").GetInt32(), done.GetProperty("workspaces_created").GetInt32(),
        done.GetProperty("agents_created").GetInt32(), done.GetProperty("agents_updated").GetInt32());

    private async Task<IReadOnlyList<JsonElement>> AgentsAsync(Guid workspace) => (await Admin.ReadAsync($"/api/v1/workspaces/{workspace}/agents")).Items();

    private async Task<int> ImportsAsync() => (await Admin.ReadAsync("/api/v1/activity?action=agents_imported&page_size=1")).GetProperty("total").GetInt32();

    [Collection(Alone.OnSqlite)]
    public sealed class OnSqlite(SqliteApp app) : ImportAgentsTests(app);

    [Collection(Alone.OnPostgreSql)]
    public sealed class OnPostgreSql(PostgreSqlApp app) : ImportAgentsTests(app);

    [Collection(Alone.OnSqlServer)]
    public sealed class OnSqlServer(SqlServerApp app) : ImportAgentsTests(app);
}
