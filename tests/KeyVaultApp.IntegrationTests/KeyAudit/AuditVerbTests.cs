using System.Text.Json;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.KeyAudit;

[Collection(Alone.OnSqlite)]
public sealed class AuditVerbTests(SqliteApp shared) : AppTests(shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_workbook_goes_out_into_a_file_of_its_owner_and_comes_back()
    {
        var workspace = await Admin.AddWorkspaceAsync();
        var name = Unique("By command");
        await Admin.AddAgentAsync(workspace.Id(), ("tts_key", Fresh.Value()));
        var (folder, file) = (Directory.CreateDirectory(Path.Combine(App.Folder, Guid.NewGuid().ToString("N"))).FullName, "audit.xlsx");
        var path = Path.Combine(folder, file);
        await File.WriteAllTextAsync(path, "what was here before", Ct);

        (await App.CliAsync("audit", "export", "--output", path, "--workspace", workspace.Text("name"))).Expect(0);

        Assert.Equal([path], Directory.GetFiles(folder));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        var workbook = new Workbook(await File.ReadAllBytesAsync(path, Ct)).Fill(Audits.KeyOf(workspace.Text("name")), ("Decision", "create"), ("Resource name", name));
        await File.WriteAllBytesAsync(path, workbook.ToBytes(), Ct);
        Assert.Contains(name, (await App.CliAsync("audit", "import", "--input", path, "--dry-run")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Equal((1, 0, 0, 0, 0), Read(await App.CliAsync("audit", "import", "--input", path, "--json")).Counts());
        Assert.Equal((0, 0, 1, 0, 0), Read(await App.CliAsync("audit", "import", "--input", path, "--json")).Counts());
    }

    [Fact]
    public async Task What_cannot_be_taken_is_refused_with_its_place_and_an_export_that_fails_leaves_nothing()
    {
        var workspace = await Admin.AddWorkspaceAsync();
        await Admin.AddAgentAsync(workspace.Id(), ("tts_key", Fresh.Value()));
        var folder = Directory.CreateDirectory(Path.Combine(App.Folder, Guid.NewGuid().ToString("N"))).FullName;
        var path = Path.Combine(folder, "bad.xlsx");
        var workbook = (await Admin.DownloadAuditAsync(workspace.Id())).Fill(Audits.KeyOf(workspace.Text("name")), ("Decision", "create"));
        await File.WriteAllBytesAsync(path, workbook.ToBytes(), Ct);

        foreach (var dryRun in new[] { true, false })
            Assert.Contains("Distinct keys, row 2, column J (Resource name): A name is missing.", (await App.CliAsync(["audit", "import", "--input", path, .. dryRun ? ["--dry-run"] : Array.Empty<string>()])).Expect(3).Errors, StringComparison.Ordinal);

        (await App.CliAsync("audit", "import", "--input", Path.Combine(folder, "nowhere.xlsx"))).Expect(1);
        (await App.CliAsync("audit", "export", "--output", Path.Combine(folder, "none.xlsx"), "--workspace", "Nowhere")).Expect(1);
        (await App.CliAsync("audit", "export")).Expect(2);
        Assert.Equal([path], Directory.GetFiles(folder));
    }

    private static JsonElement Read(CliResult result)
    {
        using var document = JsonDocument.Parse(result.Expect(0).Output);
        return document.RootElement.Clone();
    }
}
