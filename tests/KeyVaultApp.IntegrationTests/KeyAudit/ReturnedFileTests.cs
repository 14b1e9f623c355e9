using System.IO.Compression;
using System.Net;
using System.Text;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.KeyAudit;

/// <summary>Files that are not what they should be: a sentence that says what to do, and nothing applied.</summary>
[Collection(Alone.OnSqlite)]
public sealed class ReturnedFileTests(SqliteApp shared) : AppTests(shared)
{
    private const string Sheet = "xl/worksheets/sheet3.xml";

    private static readonly Dictionary<string, (Func<Workbook, byte[]> Make, string Says)> Files = new(StringComparer.Ordinal)
    {
        ["nothing"] = (_ => [], "not an Excel workbook"),
        ["a text"] = (_ => Encoding.UTF8.GetBytes("workspace,kind,name\n"), "not an Excel workbook"),
        ["another zip"] = (_ => Zip(("readme.txt", "hello")), "not an Excel workbook"),
        ["a container of Office before .xlsx"] = (_ => [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[1000]], "encrypted with a password"),
        ["cut off"] = (book => book.ToBytes()[..^200], "damaged"),
        ["macros"] = (book => With(book, "xl/vbaProject.bin", "x"), "has macros"),
        ["a type with macros"] = (book => Changed(book, "[Content_Types].xml", "spreadsheetml.sheet.main", "ms-excel.sheet.macroEnabled.main"), "has macros"),
        ["a link to another file"] = (book => With(book, "xl/externalLinks/externalLink1.xml", "<x/>"), "links to other files"),
        ["another file inside"] = (book => With(book, "xl/embeddings/oleObject1.bin", "x"), "embedded"),
        ["a bomb"] = (book => With(book, "xl/media/image1.png", new string('0', 20_000_000)), "unpack to far more"),
        ["thousands of parts"] = (_ => Zip([.. Enumerable.Range(0, 2001).Select(i => ($"{i}", "x"))]), "unpack to far more"),
        ["entities"] = (book => Changed(book, Sheet, "<worksheet", "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\">]><worksheet"), "damaged"),
        ["broken XML"] = (book => Changed(book, Sheet, "</sheetData>", "</sheetDat>"), "damaged"),
        ["a cell that is too long"] = (book => Changed(book, Sheet, "</is>", $"<t>{Guid.NewGuid()}{string.Concat(Enumerable.Range(0, 9000).Select(i => $"{i}"))}</t></is>"), "damaged"),
        ["no sheet of that name"] = (book => Changed(book, "xl/workbook.xml", "Distinct keys", "Keys"), "no sheet \"Distinct keys\""),
        ["a heading that was changed"] = (book => Changed(book, "xl/sharedStrings.xml", ">Full fingerprint<", ">Fingerprint, full<"), "no column \"Full fingerprint\""),
        ["a column twice"] = (book => Changed(book, "xl/sharedStrings.xml", ">Suggested name<", ">Decision<"), "the column \"Decision\" twice"),
    };

    public static TheoryData<string> Names => [.. Files.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Is_refused_with_what_to_do(string name)
    {
        var file = Files[name].Make(await FilledAsync());
        var before = await App.Database.StateAsync();

        foreach (var dryRun in new[] { true, false })
        {
            var problem = await (await Admin.UploadAuditAsync(file, dryRun)).ProblemAsync(HttpStatusCode.BadRequest, "invalid", "file");
            Assert.Contains(Files[name].Says, problem.Text("detail"), StringComparison.Ordinal);
        }

        Assert.Equal(before, await App.Database.StateAsync());
    }

    [Fact]
    public async Task The_same_file_untouched_is_taken() =>
        Assert.Equal((1, 0, 0, 0, 0), (await (await Admin.UploadAuditAsync(await FilledAsync(), dryRun: true)).ReadAsync()).Counts());

    [Theory]
    [InlineData("Full fingerprint", "0000", "Full fingerprint", "not what the workbook went out with")]
    [InlineData("Full fingerprint", "AB", "Full fingerprint", "not what the workbook went out with")]
    [InlineData("Workspace id", "Acme", "Workspace id", "not what the workbook went out with")]
    [InlineData("Kind", "GPU", "Kind", "TTS, STT, ElevenLabs is expected")]
    public async Task A_row_that_was_tampered_with_is_refused_by_its_place(string heading, string text, string column, string says)
    {
        var workbook = (await FilledAsync()).Fill(row => row.ContainsKey("Decision"), (heading, text));

        var problem = Assert.Single((await (await Admin.UploadAuditAsync(workbook)).ProblemAsync(HttpStatusCode.Conflict, "audit_refused")).GetProperty("problems").EnumerateArray());

        Assert.Contains(column, problem.Text("column"), StringComparison.Ordinal);
        Assert.Contains(says, problem.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fingerprint_that_nobody_holds_and_a_formula_are_refused()
    {
        var invented = (await FilledAsync()).Fill(row => row.ContainsKey("Decision"), ("Full fingerprint", new string('a', 64)));
        Assert.Contains("No agent of this workspace", Assert.Single((await (await Admin.UploadAuditAsync(invented)).ProblemAsync(HttpStatusCode.Conflict)).Problems()), StringComparison.Ordinal);

        var formula = await FilledAsync();
        var sheet = formula.Sheet(Workbook.DistinctKeys).ToString();
        formula.Put(Sheet, System.Text.RegularExpressions.Regex.Replace(sheet, "<c r=\"J2\"(?<style> s=\"[0-9]+\")[^>]*>.*?</c>", "<c r=\"J2\"${style}><f>1+1</f><v>2</v></c>", System.Text.RegularExpressions.RegexOptions.Singleline, TimeSpan.FromSeconds(5)));
        Assert.Contains("This is a formula", (await (await Admin.UploadAuditAsync(formula)).ProblemAsync(HttpStatusCode.Conflict)).Problems()[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_upload_or_too_large_is_refused()
    {
        await (await Admin.PostAsync("/api/v1/key-audit", new { })).ProblemAsync(HttpStatusCode.BadRequest, "invalid", "file");
        await (await Admin.SendTextAsync(HttpMethod.Post, "/api/v1/key-audit", "--x\r\nbroken", "multipart/form-data")).ProblemAsync(HttpStatusCode.BadRequest);
        // It asks first, so that the answer is heard before anything is sent.
        using var large = new HttpRequestMessage(HttpMethod.Post, "/api/v1/key-audit") { Content = new MultipartFormDataContent { { new ByteArrayContent(new byte[66 * 1024 * 1024]), "file", "large.xlsx" } } };
        large.Headers.ExpectContinue = true;
        await (await Admin.Http.SendAsync(large, TestContext.Current.CancellationToken)).ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "too_large");
    }

    private async Task<Workbook> FilledAsync()
    {
        var workspace = await Admin.AddWorkspaceAsync();
        await Admin.AddAgentAsync(workspace.Id(), ("tts_key", Fresh.Value()));
        return (await Admin.DownloadAuditAsync(workspace.Id())).Fill(Audits.KeyOf(workspace.Text("name")), ("Decision", "create"), ("Resource name", Unique("Key")));
    }

    private static byte[] With(Workbook book, string part, string text)
    {
        book.Put(part, text);
        return book.ToBytes();
    }

    private static byte[] Changed(Workbook book, string part, string from, string to)
    {
        var text = Encoding.UTF8.GetString(book.Parts[part]);
        Assert.Contains(from, text, StringComparison.Ordinal);
        return With(book, part, text.Replace(from, to, StringComparison.Ordinal).TrimStart('\uFEFF'));
    }

    private static byte[] Zip(params (string Name, string Text)[] parts)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, text) in parts)
            {
                using var stream = zip.CreateEntry(name).Open();
                stream.Write(Encoding.UTF8.GetBytes(text));
            }

        return file.ToArray();
    }
}
