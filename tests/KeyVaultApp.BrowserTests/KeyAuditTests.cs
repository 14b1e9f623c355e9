using System.Net;
using KeyVaultApp.IntegrationTests.Harness;
using KeyVaultApp.IntegrationTests.KeyAudit;
using Microsoft.Playwright;

namespace KeyVaultApp.BrowserTests;

/// <summary>The workbook in the hands of a person: downloaded, filled in, uploaded, looked at, applied.</summary>
public sealed class KeyAuditTests(Fleet fleet)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Workbook_FilledInAndUploaded_IsPreviewedAndApplied(bool script)
    {
        var admin = fleet.App.Client(await fleet.App.TokenAsync("admin"));
        var name = $"Audit {Guid.NewGuid():N}"[..20];
        var workspace = (await (await admin.PostAsync("/api/v1/workspaces", new { name })).ReadAsync(HttpStatusCode.Created)).Id();
        await (await admin.PostAsync($"/api/v1/workspaces/{workspace}/agents", new { name = "Front desk", tts_key = $"sk-made-up-{Guid.NewGuid():N}" })).ReadAsync(HttpStatusCode.Created);
        await using var visitor = await fleet.VisitAsync(script: script);
        var page = visitor.Page;

        await visitor.GoAsync($"/key-audit?workspace_id={workspace}");
        await Assertions.Expect(page.Locator("#scope")).ToContainTextAsync("1 agent in 1 workspace");
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Download the workbook" }).ClickAsync());
        Assert.Equal("key-audit.xlsx", download.SuggestedFilename);
        var workbook = new Workbook(await File.ReadAllBytesAsync(await download.PathAsync(), TestContext.Current.CancellationToken))
            .Fill(row => row["Workspace"] == name, ("Resource name", $"{name} key"), ("Decision", "create"));

        await UploadAsync(page, workbook.ToBytes());
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Preview");
        await Assertions.Expect(page.Locator("table").First).ToContainTextAsync($"{name} key");
        // It is a script itself.
        if (script) Assert.Empty(await visitor.AxeAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Apply" }).ClickAsync();

        await Assertions.Expect(page.Locator(".toast-done")).ToContainTextAsync("1 key created");
        await Assertions.Expect(page.Locator("table").Last).ToContainTextAsync("key audit imported");
        Assert.Equal(1, (await admin.ReadAsync($"/api/v1/keys?search={Uri.EscapeDataString(name)}")).GetProperty("total").GetInt32());
        Assert.Empty(visitor.Faults);
    }

    [Fact]
    public async Task Upload_OfAnotherFileOrOfRowsThatCannotBe_SaysWhatToDo()
    {
        var admin = fleet.App.Client(await fleet.App.TokenAsync("admin"));
        await using var visitor = await fleet.VisitAsync(width: 320);
        visitor.MayRefuse = true;
        var page = visitor.Page;

        await visitor.GoAsync("/key-audit");
        await UploadAsync(page, "no workbook"u8.ToArray());
        await Assertions.Expect(page.Locator(".error-summary")).ToBeFocusedAsync();
        await Assertions.Expect(page.Locator(".error-summary")).ToContainTextAsync("is not an Excel workbook");
        Assert.Empty(await visitor.AxeAsync());

        var workbook = (await admin.DownloadAuditAsync()).Fill(row => row["Kind"] == "STT", ("Decision", "create"));
        await UploadAsync(page, workbook.ToBytes());
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Preview");
        await Assertions.Expect(page.Locator("#main")).ToContainTextAsync("J (Resource name)");
        Assert.Equal(0, await page.GetByRole(AriaRole.Button, new() { Name = "Apply" }).CountAsync());
        Assert.Empty(await visitor.OverflowAsync());
        Assert.Empty(await visitor.AxeAsync());
        Assert.Empty(visitor.Faults);
    }

    [Fact]
    public async Task Upload_OfAFileThatIsTooLarge_IsRefusedBeforeItIsSent()
    {
        await using var visitor = await fleet.VisitAsync();
        var page = visitor.Page;
        var file = page.GetByLabel("The filled-in workbook");
        var large = Path.GetTempFileName();
        try
        {
            await using (var stream = File.OpenWrite(large)) stream.SetLength((64 * 1024 * 1024) + 1);
            await visitor.GoAsync("/key-audit");

            await file.SetInputFilesAsync(large);
            await page.GetByRole(AriaRole.Button, new() { Name = "Upload and preview" }).ClickAsync();

            Assert.EndsWith("has 65 MB, and 64 MB is the most. Choose another file.", await file.EvaluateAsync<string>("input => input.validationMessage"), StringComparison.Ordinal);
            await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Key audit");
            await UploadAsync(page, "no workbook"u8.ToArray());
            await Assertions.Expect(page.Locator(".error-summary")).ToContainTextAsync("is not an Excel workbook");
        }
        finally
        {
            File.Delete(large);
        }
    }

    private static async Task UploadAsync(IPage page, byte[] file)
    {
        await page.GetByLabel("The filled-in workbook").SetInputFilesAsync(new FilePayload
        {
            Name = "key-audit.xlsx",
            MimeType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Buffer = file,
        });
        await page.GetByRole(AriaRole.Button, new() { Name = "Upload and preview" }).ClickAsync();
    }
}
