using System.Net;
using System.Text.Json;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.KeyAudit;

public abstract class ImportKeyAuditTests(SharedApp shared) : AppTests(shared)
{
    [Fact]
    public async Task A_named_key_is_made_of_the_stored_one_and_assigned_to_all_who_hold_it_and_a_second_time_changes_nothing()
    {
        var ((one, oneName), (two, twoName)) = (await AddWorkspaceAsync(), await AddWorkspaceAsync());
        var (value, name) = (Fresh.Value(), Unique("Named in Excel"));
        var agent = await Admin.AddAgentAsync(one, ("tts_key", value));
        await Admin.AddAgentAsync(two, ("tts_key", value));
        var workbook = (await Admin.DownloadAuditAsync()).Fill(Audits.KeyOf(oneName), ("Resource name", name), ("Provider", "elevenlabs"), ("Decision", "Create"));

        var preview = await (await Admin.UploadAuditAsync(workbook, dryRun: true)).ReadAsync();
        Assert.Equal((1, 0, 0, 0, 0), preview.Counts());
        Assert.False(preview.GetProperty("applied").GetBoolean());
        Assert.Equal(new[] { oneName, twoName }.Order(StringComparer.OrdinalIgnoreCase), preview.GetProperty("created")[0].GetProperty("workspaces").EnumerateArray().Select(text => text.GetString()));
        Assert.Empty(await KeysAsync(name));

        Assert.Equal((1, 0, 0, 0, 0), (await (await Admin.UploadAuditAsync(workbook)).ReadAsync()).Counts());
        var key = Assert.Single(await KeysAsync(name));
        Assert.Equal(("tts", "elevenlabs", value[^4..]), (key.Text("kind"), key.Text("provider"), key.Text("last4")));
        Assert.Equal(new[] { one, two }.Order(), key.GetProperty("workspace_ids").EnumerateArray().Select(id => id.GetGuid()).Order());
        Assert.Equal("key_created", Assert.Single(await Admin.ActivityOfAsync(key.Id())).Text("action"));
        await Admin.SetPhaseAsync(one, Arranged.WithFallback);
        await (await Admin.PutAgentAsync(await Admin.ReadAsync($"/api/v1/agents/{agent.Id()}"), ("selected_tts_key_id", key.Id()))).ReadAsync();
        Assert.Equal(value, await Resolver.ResolvedValueAsync(agent.Id()));

        var before = await App.Database.StateAsync();
        Assert.Equal((0, 0, 1, 0, 0), (await (await Admin.UploadAuditAsync(workbook)).ReadAsync()).Counts());
        Assert.Equal(before, await App.Database.StateAsync());

        // Nor does it once the key has got another value: it is the one that was made of this row.
        await (await Admin.PostAsync($"/api/v1/keys/{key.Id()}/versions", new { value = Fresh.Value(), version = key.Version() })).ReadAsync(HttpStatusCode.Created);
        before = await App.Database.StateAsync();
        Assert.Equal((0, 0, 1, 0, 0), (await (await Admin.UploadAuditAsync(workbook)).ReadAsync()).Counts());
        Assert.Equal(before, await App.Database.StateAsync());
    }

    [Fact]
    public async Task An_existing_key_is_assigned_a_row_that_says_leave_is_left_and_a_list_of_workspaces_is_followed()
    {
        var ((one, oneName), (two, twoName), (three, threeName)) = (await AddWorkspaceAsync(), await AddWorkspaceAsync(), await AddWorkspaceAsync());
        var (held, other) = (Fresh.Value(), Fresh.Value());
        foreach (var workspace in new[] { one, two }) await Admin.AddAgentAsync(workspace, ("tts_key", held));
        await Admin.AddAgentAsync(one, ("stt_key", other));
        var existing = (await Admin.AddKeyAsync("tts", held)).Id();
        var name = Unique("Listed");
        var workbook = (await Admin.DownloadAuditAsync())
            .Fill(Audits.KeyOf(oneName, "TTS"), ("Decision", "use existing"))
            .Fill(Audits.KeyOf(twoName, "TTS"), ("Decision", "leave"))
            .Fill(Audits.KeyOf(oneName, "STT"), ("Decision", "create"), ("Resource name", name), ("Assign to workspaces", $"{oneName.ToUpperInvariant()}; {threeName}"));

        Assert.Equal((1, 1, 0, 1, 0), (await (await Admin.UploadAuditAsync(workbook)).ReadAsync()).Counts());

        Assert.Equal([one], WorkspacesOf(await Admin.ReadAsync($"/api/v1/keys/{existing}")));
        Assert.Equal(new[] { one, three }.Order(), WorkspacesOf(Assert.Single(await KeysAsync(name))));
        Assert.Equal(["key_assigned", "key_created"], (await Admin.ActivityOfAsync(existing)).Select(entry => entry.Text("action")));
    }

    [Fact]
    public async Task A_workbook_that_another_program_saved_is_read_by_its_headings()
    {
        var (workspace, workspaceName) = await AddWorkspaceAsync();
        await Admin.AddAgentAsync(workspace, ("tts_key", Fresh.Value()));
        var name = Unique("Resaved");
        var workbook = (await Admin.DownloadAuditAsync(workspace)).Fill(Audits.KeyOf(workspaceName), ("Resource name", $"  {name} "), ("Decision", "create")).Resave();

        Assert.Equal((1, 0, 0, 0, 0), (await (await Admin.UploadAuditAsync(workbook)).ReadAsync()).Counts());

        Assert.Single(await KeysAsync(name));
    }

    [Fact]
    public async Task Each_row_that_cannot_be_taken_is_told_by_its_place_and_nothing_is_applied()
    {
        var (workspace, name) = await AddWorkspaceAsync();
        var (replaced, taken) = (Fresh.Value(), (await Admin.AddKeyAsync("tts")).Text("name"));
        var agent = await Admin.AddAgentAsync(workspace, ("name", "1"), ("tts_key", replaced));
        foreach (var number in Enumerable.Range(2, 6)) await Admin.AddAgentAsync(workspace, ("name", $"{number}"), ("tts_key", Fresh.Value()));
        var workbook = await Admin.DownloadAuditAsync(workspace);
        await (await Admin.PutAgentAsync(agent, ("tts_key", Fresh.Value()))).ReadAsync();
        // The rows of a kind with one agent each stand in the order of their fingerprints.
        var rows = workbook.Rows(Workbook.DistinctKeys);
        int Row(IReadOnlyDictionary<string, string> row) => rows.ToList().IndexOf(row) + 2;
        var gone = rows.Single(row => row["Value"] == $"...{replaced[^4..]}");
        var rest = rows.Where(row => row != gone).ToList();
        Workbook Fill(IReadOnlyDictionary<string, string> row, params (string, string)[] cells) => workbook.Fill(one => one["Full fingerprint"] == row["Full fingerprint"], cells);
        Fill(gone, ("Decision", "create"), ("Resource name", Unique("Gone")));
        Fill(rest[0], ("Decision", "create"), ("Resource name", taken.ToUpperInvariant()));
        Fill(rest[1], ("Decision", "create"));
        Fill(rest[2], ("Decision", "perhaps"), ("Resource name", new string('n', 101)), ("Provider", "Not A Word"));
        Fill(rest[3], ("Decision", "use existing"));
        Fill(rest[4], ("Decision", "create"), ("Resource name", Unique("X")), ("Assign to workspaces", $"{name}; Nowhere"));
        Fill(rest[5], ("Resource name", Unique("Undecided")));

        var before = await App.Database.StateAsync();
        var refused = await (await Admin.UploadAuditAsync(workbook)).ProblemAsync(HttpStatusCode.Conflict, "audit_refused");

        var problems = refused.Problems();
        void Told(IReadOnlyDictionary<string, string> row, string column, string message) =>
            Assert.Contains(problems, problem => problem.StartsWith($"Distinct keys!{column}{Row(row)} {message}", StringComparison.Ordinal));
        Told(gone, "O", "No agent of this workspace holds this key");
        Told(rest[0], "J", "There is a key resource of this name");
        Told(rest[1], "J", "A name is missing");
        Told(rest[2], "M", "One of create, use existing, leave");
        Told(rest[2], "J", "name is longer");
        Told(rest[2], "K", "provider is a word");
        Told(rest[3], "M", "No key resource holds this key");
        Told(rest[4], "L", "There is no such workspace: number 2");
        Told(rest[5], "M", "One of create, use existing, leave");
        Assert.Equal(9, problems.Count);
        Assert.Equal(before, await App.Database.StateAsync());
        Assert.Equal(9, (await (await Admin.UploadAuditAsync(workbook, dryRun: true)).ReadAsync()).Counts().Problems);
    }

    [Fact]
    public async Task Rows_that_contradict_each_other_are_refused_with_both_places()
    {
        var ((one, oneName), (two, twoName)) = (await AddWorkspaceAsync(), await AddWorkspaceAsync());
        var (shared, second) = (Fresh.Value(), Fresh.Value());
        foreach (var workspace in new[] { one, two }) await Admin.AddAgentAsync(workspace, ("tts_key", shared));
        await Admin.AddAgentAsync(one, ("stt_key", second));
        async Task<string> RefusalAsync(Action<Workbook> fill)
        {
            var workbook = await Admin.DownloadAuditAsync();
            fill(workbook);
            return Assert.Single((await (await Admin.UploadAuditAsync(workbook)).ProblemAsync(HttpStatusCode.Conflict, "audit_refused")).Problems());
        }

        Assert.Contains("says another name", await RefusalAsync(workbook => workbook
            .Fill(Audits.KeyOf(oneName, "TTS"), ("Decision", "create"), ("Resource name", Unique("A")))
            .Fill(Audits.KeyOf(twoName, "TTS"), ("Decision", "create"), ("Resource name", Unique("B")))), StringComparison.Ordinal);
        Assert.Contains("says another decision", await RefusalAsync(workbook => workbook
            .Fill(Audits.KeyOf(oneName, "TTS"), ("Decision", "create"), ("Resource name", Unique("A")))
            .Fill(Audits.KeyOf(twoName, "TTS"), ("Decision", "use existing"))), StringComparison.Ordinal);
        Assert.Contains("assigns the key to this workspace", await RefusalAsync(workbook => workbook
            .Fill(Audits.KeyOf(oneName, "TTS"), ("Decision", "create"), ("Resource name", Unique("A")), ("Assign to workspaces", $"{oneName};{twoName}"))
            .Fill(Audits.KeyOf(twoName, "TTS"), ("Decision", "leave"))), StringComparison.Ordinal);
        var name = Unique("Same");
        Assert.Contains("for another key", await RefusalAsync(workbook => workbook
            .Fill(Audits.KeyOf(oneName, "TTS"), ("Decision", "create"), ("Resource name", name))
            .Fill(Audits.KeyOf(oneName, "STT"), ("Decision", "create"), ("Resource name", name.ToUpperInvariant()))), StringComparison.Ordinal);
        Assert.Empty(await KeysAsync(name));

        // One name, said once or twice, is no contradiction.
        var agreed = (await Admin.DownloadAuditAsync()).Fill(Audits.KeyOf(oneName, "TTS"), ("Decision", "create"), ("Resource name", name)).Fill(Audits.KeyOf(twoName, "TTS"), ("Decision", "create"));
        Assert.Equal((1, 0, 0, 0, 0), (await (await Admin.UploadAuditAsync(agreed)).ReadAsync()).Counts());
    }

    [Fact]
    public async Task A_workspace_that_is_gone_and_a_value_that_got_its_key_meanwhile_are_refused()
    {
        var ((one, oneName), (two, twoName)) = (await AddWorkspaceAsync(), await AddWorkspaceAsync());
        var (value, other) = (Fresh.Value(), Fresh.Value());
        await Admin.AddAgentAsync(one, ("tts_key", value));
        var agent = await Admin.AddAgentAsync(two, ("tts_key", other));
        var workbook = (await Admin.DownloadAuditAsync())
            .Fill(Audits.KeyOf(oneName), ("Decision", "create"), ("Resource name", Unique("A")))
            .Fill(Audits.KeyOf(twoName), ("Decision", "create"), ("Resource name", Unique("B")));
        var made = await Admin.AddKeyAsync("tts", value);
        (await Admin.DeleteAsync($"/api/v1/agents/{agent.Id()}")).EnsureSuccessStatusCode();
        (await Admin.DeleteAsync($"/api/v1/workspaces/{two}")).EnsureSuccessStatusCode();

        var problems = (await (await Admin.UploadAuditAsync(workbook)).ProblemAsync(HttpStatusCode.Conflict, "audit_refused")).Problems();

        Assert.Equal(2, problems.Count);
        Assert.Contains(problems, problem => problem.Contains($"{made.Text("name")} holds this key already", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("This workspace is not there any more", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ops_may_preview_and_only_an_admin_may_apply()
    {
        var (workspace, name) = await AddWorkspaceAsync();
        await Admin.AddAgentAsync(workspace, ("tts_key", Fresh.Value()));
        var workbook = (await Admin.DownloadAuditAsync(workspace)).Fill(Audits.KeyOf(name), ("Decision", "create"), ("Resource name", Unique("By ops")));
        var ops = App.Client(await App.TokenAsync("ops"));

        Assert.Equal((1, 0, 0, 0, 0), (await (await ops.UploadAuditAsync(workbook, dryRun: true)).ReadAsync()).Counts());
        Assert.Equal(HttpStatusCode.Forbidden, (await ops.UploadAuditAsync(workbook)).StatusCode);
        Assert.Equal((1, 0, 0, 0, 0), (await (await Admin.UploadAuditAsync(workbook)).ReadAsync()).Counts());
    }

    private async Task<(Guid Id, string Name)> AddWorkspaceAsync()
    {
        var workspace = await Admin.AddWorkspaceAsync();
        return (workspace.Id(), workspace.Text("name"));
    }

    private async Task<IReadOnlyList<JsonElement>> KeysAsync(string name) => (await Admin.ReadAsync($"/api/v1/keys?search={Uri.EscapeDataString(name)}")).Items();

    private static IEnumerable<Guid> WorkspacesOf(JsonElement key) => key.GetProperty("workspace_ids").EnumerateArray().Select(id => id.GetGuid()).Order();

    [Collection(Alone.OnSqlite)]
    public sealed class OnSqlite(SqliteApp app) : ImportKeyAuditTests(app);

    [Collection(Alone.OnPostgreSql)]
    public sealed class OnPostgreSql(PostgreSqlApp app) : ImportKeyAuditTests(app);

    [Collection(Alone.OnSqlServer)]
    public sealed class OnSqlServer(SqlServerApp app) : ImportKeyAuditTests(app);
}
