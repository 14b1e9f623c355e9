using System.Text;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.KeyAudit;

public abstract class ExportKeyAuditTests(SharedApp shared) : AppTests(shared)
{
    [Fact]
    public async Task Agents_are_told_by_state_mask_fingerprint_and_key_in_every_phase()
    {
        var (workspace, name) = await AddWorkspaceAsync();
        var (raw, other) = (Fresh.Value(), Fresh.Value());
        var key = await Admin.AddKeyAsync("tts", raw, null, workspace);
        var stt = await Admin.AddKeyAsync("stt", null, null, workspace);
        await Admin.AddAgentAsync(workspace, ("name", "B"), ("external_id", "b-1"), ("tts_key", raw), ("selected_stt_key_id", stt.Id()), ("elevenlabs_key", "short"));
        await Admin.AddAgentAsync(workspace, ("name", "a"), ("tts_key", other), ("selected_tts_key_id", key.Id()));
        await (await Admin.PostAsync($"/api/v1/keys/{stt.Id()}/disable", new { confirm = true })).ReadAsync();

        var direct = (await Admin.DownloadAuditAsync(workspace)).Rows("Agents");
        Assert.Equal(["a", "B"], direct.Select(row => row["Agent"]));
        var (a, b) = (direct[0], direct[1]);
        Assert.Equal((name, "b-1", "legacy", $"...{raw[^4..]}", key.Text("name")), (b["Workspace"], b["External id"], b["TTS state"], b["TTS value"], b["TTS key resource"]));
        Assert.Equal(("empty", "legacy", "..."), (b["STT state"], b["ElevenLabs state"], b["ElevenLabs value"]));
        Assert.Equal(key.Text("fingerprint")[..8], b["TTS fingerprint"]);
        Assert.Equal(("legacy", $"...{other[^4..]}", false), (a["TTS state"], a["TTS value"], a.ContainsKey("TTS key resource")));

        await Admin.SetPhaseAsync(workspace, Arranged.WithFallback);
        var fallback = (await Admin.DownloadAuditAsync(workspace)).Rows("Agents");
        Assert.Equal(("reference", key.Text("name")), (fallback[0]["TTS state"], fallback[0]["TTS key resource"]));
        Assert.Equal(("legacy", "broken: disabled", stt.Text("name")), (fallback[1]["TTS state"], fallback[1]["STT state"], fallback[1]["STT key resource"]));

        await Admin.SetPhaseAsync(workspace, Arranged.ReferencesOnly);
        var last = await Admin.DownloadAuditAsync(workspace);
        Assert.Equal(["reference", "empty"], last.Rows("Agents").Select(row => row["TTS state"]));
        Assert.Empty(last.Rows(Workbook.DistinctKeys));
    }

    [Fact]
    public async Task Distinct_keys_have_a_row_in_each_workspace_with_what_is_known_of_them()
    {
        var ((first, firstName), (second, secondName)) = (await AddWorkspaceAsync(), await AddWorkspaceAsync());
        var (shared, own) = (Fresh.Value(), Fresh.Value());
        for (var i = 0; i < 2; i++) await Admin.AddAgentAsync(first, ("tts_key", shared), ("stt_key", $" Bearer {own}"));
        await Admin.AddAgentAsync(first, ("tts_key", own), ("elevenlabs_key", Guid.NewGuid().ToString()));
        await Admin.AddAgentAsync(second, ("tts_key", shared));
        var existing = await Admin.AddKeyAsync("tts", own, null, second);

        var workbook = await Admin.DownloadAuditAsync();

        var rows = workbook.Rows(Workbook.DistinctKeys).Where(row => row["Workspace"] == firstName).ToList();
        Assert.Equal(["TTS", "TTS", "STT", "ElevenLabs"], rows.Select(row => row["Kind"]));
        Assert.Equal((secondName, "2"), (rows[0]["Also held in"], rows[0]["Agents"]));
        Assert.StartsWith("Shared-TTS-", rows[0]["Suggested name"], StringComparison.Ordinal);
        Assert.Equal(rows[0]["Suggested name"], workbook.Rows(Workbook.DistinctKeys).Single(row => row["Workspace"] == secondName)["Suggested name"]);
        Assert.Equal((existing.Text("name"), existing.Text("fingerprint"), false), (rows[1]["Existing key resource"], rows[1]["Full fingerprint"], rows[1].ContainsKey("Suggested name")));
        Assert.Equal(($"{firstName}-STT-1", "blanks around it; begins with Bearer or Token"), (rows[2]["Suggested name"], rows[2]["Findings"]));
        Assert.Equal("a UUID that is no key resource", rows[3]["Findings"]);
        Assert.Equal(first.ToString(), rows[0]["Workspace id"]);

        var line = Assert.Single(workbook.Rows("Shared keys"), row => row["Fingerprint"] == rows[0]["Fingerprint"]);
        Assert.Equal(("2", "3", rows[0]["Suggested name"]), (line["Workspaces"], line["Agents"], line["Suggested name"]));
        Assert.Equal(new[] { firstName, secondName }.Order(StringComparer.Ordinal), line["Held in"].Split("; ").Order(StringComparer.Ordinal));

        var counts = workbook.Rows("Summary").Single(row => row["Workspace"] == firstName && row["Kind"] == "TTS");
        Assert.Equal(("3", "3", "0", "2", "0", "2"), (counts["Agents"], counts["Legacy"], counts["Broken"], counts["Distinct legacy keys"], counts["with a resource"], counts["without one"]));
        var seen = workbook.Rows("Summary").Single(row => row["Workspace"] == secondName && row["Kind"] == "TTS");
        Assert.Equal(("1", "0"), (seen["Distinct legacy keys"], seen["with a resource"]));

        // A workbook of one workspace says of the others only that they hold its keys too.
        var alone = await Admin.DownloadAuditAsync(second);
        var same = Assert.Single(alone.Rows(Workbook.DistinctKeys));
        Assert.Equal((secondName, firstName, rows[0]["Suggested name"]), (same["Workspace"], same["Also held in"], same["Suggested name"]));
        Assert.Equal("3", Assert.Single(alone.Rows("Shared keys"))["Agents"]);
        Assert.All(alone.Rows("Summary").Concat(alone.Rows("Agents")), row => Assert.Equal(secondName, row["Workspace"]));
    }

    [Fact]
    public async Task A_key_that_its_workspace_cannot_use_covers_nothing_there_as_in_the_preflight()
    {
        var (workspace, name) = await AddWorkspaceAsync();
        var (value, other) = (Fresh.Value(), Fresh.Value());
        var (disabled, usable) = (await Admin.AddKeyAsync("tts", value, null, workspace), await Admin.AddKeyAsync("tts", other, null, workspace));
        await Admin.AddAgentAsync(workspace, ("tts_key", value));
        await Admin.AddAgentAsync(workspace, ("tts_key", other));
        await Admin.AddAgentAsync(workspace, ("tts_key", usable.Id().ToString()));
        Assert.Equal(("2", "2"), await CountedAsync());

        await (await Admin.PostAsync($"/api/v1/keys/{disabled.Id()}/disable", new { confirm = true })).ReadAsync();

        Assert.Equal(("2", "1"), await CountedAsync());
        var preflight = await (await Admin.PostAsync("/api/v1/rollout/preflight", new { phase = Arranged.WithFallback, workspace_id = workspace })).ReadAsync();
        var covered = Assert.Single(preflight.GetProperty("coverage").EnumerateArray());
        Assert.Equal((2, 1), (covered.GetProperty("distinct").GetInt32(), covered.GetProperty("assigned").GetInt32()));

        async Task<(string, string)> CountedAsync()
        {
            var row = (await Admin.DownloadAuditAsync(workspace)).Rows("Summary").Single(row => row["Workspace"] == name && row["Kind"] == "TTS");
            return (row["Distinct legacy keys"], row["with a resource"]);
        }
    }

    [Fact]
    public async Task Names_that_begin_like_formulas_are_text_and_nothing_leads_out_of_the_workbook()
    {
        string[] names = ["=HYPERLINK(\"http://x\")", "+1", "-1", "@SUM(A1)", "a_x0041_b", "<b>&\"'", "عميل 🤖"];
        var workspace = (await Admin.AddWorkspaceAsync(Fresh.Name("=1+1"))).Id();
        foreach (var name in names) await Admin.AddAgentAsync(workspace, ("name", name), ("external_id", name), ("tts_key", Fresh.Value()));
        // What only came in before this product.
        var tab = await Admin.AddAgentAsync(workspace);
        await App.Database.ExecuteAsync($"UPDATE agents SET name = {"\t=1"} WHERE id = {tab.Id()}");

        var workbook = await Admin.DownloadAuditAsync(workspace);

        string Shown(string name) => name.Replace("_x0041_", "_x005F_x0041_", StringComparison.Ordinal);
        Assert.Equal([.. names.Select(Shown).Append("\t=1").Order(StringComparer.Ordinal)], workbook.Rows("Agents").Select(row => row["Agent"]).Order(StringComparer.Ordinal));
        Assert.StartsWith("=1+1", workbook.Rows("Agents")[0]["Workspace"], StringComparison.Ordinal);
        foreach (var sheet in workbook.SheetNames) Assert.Empty(workbook.Sheet(sheet).Descendants(Workbook.Main + "f"));
        Assert.DoesNotContain(workbook.Parts.Keys, part => part.Contains("externalLink", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(workbook.Parts.Where(part => part.Key.EndsWith(".rels", StringComparison.Ordinal)), part => Encoding.UTF8.GetString(part.Value).Contains("External", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sheets_are_laid_out_to_be_worked_with()
    {
        var (workspace, _) = await AddWorkspaceAsync();
        for (var i = 0; i < 3; i++) await Admin.AddAgentAsync(workspace, ("tts_key", Fresh.Value()));

        var workbook = await Admin.DownloadAuditAsync(workspace);

        Assert.Equal(["Summary", "Agents", "Distinct keys", "Shared keys", "Read me"], workbook.SheetNames);
        var sheet = workbook.Sheet(Workbook.DistinctKeys).Root!;
        Assert.Equal("A1:O4", (string?)sheet.Element(Workbook.Main + "autoFilter")?.Attribute("ref"));
        Assert.Equal("1", (string?)sheet.Descendants(Workbook.Main + "pane").Single().Attribute("ySplit"));
        Assert.Equal("1", (string?)sheet.Element(Workbook.Main + "sheetProtection")?.Attribute("sheet"));
        Assert.Equal(["J2:J4", "K2:K4", "L2:L4", "M2:M4"], UnlockedColumns(workbook, sheet));
        var decision = sheet.Descendants(Workbook.Main + "dataValidation").Single(rule => (string?)rule.Attribute("sqref") == "M2:M4");
        Assert.Equal("\"create,use existing,leave\"", (string?)decision.Element(Workbook.Main + "formula1"));
        Assert.Contains(sheet.Descendants(Workbook.Main + "dataValidation"), rule => (string?)rule.Attribute("sqref") == "K2:K4" && ((string)rule.Element(Workbook.Main + "formula1")!).Contains("elevenlabs", StringComparison.Ordinal));
        Assert.All(["N", "O"], column => Assert.Contains(sheet.Descendants(Workbook.Main + "col"), col => (string?)col.Attribute("hidden") is "1" or "true" && (int)col.Attribute("min")! <= column[0] - 'A' + 1 && (int)col.Attribute("max")! >= column[0] - 'A' + 1));
        Assert.Equal("'Distinct keys'!$A$1:$O$4", workbook.Load("xl/workbook.xml").Descendants(Workbook.Main + "definedName").Single(one => one.Value.StartsWith("'Distinct keys'!$", StringComparison.Ordinal)).Value);
        Assert.Empty((await Admin.DownloadAuditAsync((await AddWorkspaceAsync()).Id)).Rows("Agents"));
    }

    [Fact]
    public async Task Each_download_is_in_the_activity_log_and_a_workspace_that_there_is_not_is_refused()
    {
        var (workspace, name) = await AddWorkspaceAsync();
        await (await Admin.GetAsync($"/api/v1/key-audit.xlsx?workspace_id={Guid.NewGuid()}")).ProblemAsync(System.Net.HttpStatusCode.NotFound, "not_found", "workspace_id");
        await (await Admin.GetAsync("/api/v1/key-audit.xlsx?workspace_id=x")).ProblemAsync(System.Net.HttpStatusCode.BadRequest, "invalid", "workspace_id");
        Assert.Empty(await ExportsAsync(workspace));

        var ops = App.Client(await App.TokenAsync("ops"));
        await ops.DownloadAuditAsync(workspace);

        var entry = Assert.Single(await ExportsAsync(workspace));
        Assert.Equal((name, 0), (entry.Text("target_name"), entry.GetProperty("after").GetProperty("agents").GetInt32()));
    }

    private async Task<(Guid Id, string Name)> AddWorkspaceAsync()
    {
        var workspace = await Admin.AddWorkspaceAsync();
        return (workspace.Id(), workspace.Text("name"));
    }

    private async Task<IReadOnlyList<System.Text.Json.JsonElement>> ExportsAsync(Guid workspace) =>
        (await Admin.ReadAsync($"/api/v1/activity?action=key_audit_exported&workspace_id={workspace}")).Items();

    private static IEnumerable<string> UnlockedColumns(Workbook workbook, System.Xml.Linq.XElement sheet)
    {
        var styles = workbook.Load("xl/styles.xml").Root!.Element(Workbook.Main + "cellXfs")!.Elements().ToList();
        bool IsUnlocked(System.Xml.Linq.XElement cell) => (string?)styles[(int)cell.Attribute("s")!].Element(Workbook.Main + "protection")?.Attribute("locked") is "0" or "false";
        return sheet.Descendants(Workbook.Main + "row").Skip(1).SelectMany(row => row.Elements(Workbook.Main + "c")).Where(IsUnlocked)
            .Select(cell => (string)cell.Attribute("r")!).GroupBy(place => place[..1]).Select(column => $"{column.First()}:{column.Last()}");
    }

    [Collection(Alone.OnSqlite)]
    public sealed class OnSqlite(SqliteApp app) : ExportKeyAuditTests(app);

    [Collection(Alone.OnPostgreSql)]
    public sealed class OnPostgreSql(PostgreSqlApp app) : ExportKeyAuditTests(app);

    [Collection(Alone.OnSqlServer)]
    public sealed class OnSqlServer(SqlServerApp app) : ExportKeyAuditTests(app);
}
