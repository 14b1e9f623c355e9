using System.IO.Compression;
using System.Xml.Linq;
using KeyVaultApp.KeyAudit;

namespace KeyVaultApp.UnitTests.KeyAudit;

/// <summary>What only happens with more rows than a test can make agents for.</summary>
public sealed class WorkbookWriterTests
{
    private const int LastRow = 4;
    private static readonly XNamespace Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private static readonly XNamespace Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    [Theory]
    [InlineData(0, "Agents")]
    [InlineData(3, "Agents")]
    [InlineData(4, "Agents", "Agents 2")]
    [InlineData(8, "Agents", "Agents 2", "Agents 3")]
    public async Task Rows_beyond_what_a_sheet_holds_go_on_in_another_one_behind_it(int rows, params string[] sheets)
    {
        using var zip = new ZipArchive(await WriteAsync(Enumerable.Range(1, rows).Select(row => $"row {row}")));

        var workbook = Load(zip, "xl/workbook.xml");
        var relations = Load(zip, "xl/_rels/workbook.xml.rels").Root!.Elements().ToDictionary(one => (string)one.Attribute("Id")!, one => ((string)one.Attribute("Target")!).TrimStart('/'));
        var all = workbook.Descendants(Main + "sheet").Select(sheet => (Name: (string)sheet.Attribute("name")!, Part: relations[(string)sheet.Attribute(Relations + "id")!])).ToList();
        Assert.Equal(["Summary", .. sheets, "Distinct keys", "Shared keys", "Read me"], all.Select(sheet => sheet.Name));
        Assert.Equal(all.Count, workbook.Descendants(Main + "sheet").Select(sheet => (string)sheet.Attribute("sheetId")!).Distinct().Count());

        var types = Load(zip, "[Content_Types].xml").Root!.Elements().Attributes("PartName").Select(name => name.Value).ToList();
        var texts = new List<string>();
        foreach (var (_, part) in all.Where(sheet => sheets.Contains(sheet.Name)))
        {
            Assert.Contains($"/{(part.StartsWith("xl/", StringComparison.Ordinal) ? part : $"xl/{part}")}", types);
            var sheet = Load(zip, part.StartsWith("xl/", StringComparison.Ordinal) ? part : $"xl/{part}");
            var written = sheet.Descendants(Main + "row").Skip(1).ToList();
            Assert.True(written.Count < LastRow);
            Assert.Equal($"A1:O{Math.Max(2, written.Count + 1)}", (string?)sheet.Descendants(Main + "autoFilter").Single().Attribute("ref"));
            texts.AddRange(written.Select(row => row.Value));
        }

        Assert.Equal(Enumerable.Range(1, rows).Select(row => $"row {row}"), texts);
        // Names that belong to a sheet still belong to the same one.
        foreach (var name in workbook.Descendants(Main + "definedName"))
            Assert.StartsWith(all[(int)name.Attribute("localSheetId")!].Name, name.Value.Trim('\''), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Texts_come_back_as_they_were_and_what_XML_cannot_hold_is_escaped()
    {
        string[] texts = ["<&>\"'", " blanks ", "=1", "tab\there", "bell\u0007", "_x0007_", "half \uD800 pair", "🤖 عميل", "\uFFFE", "_", "__x1234_"];
        using var zip = new ZipArchive(await WriteAsync(texts.Take(3)));
        using var more = new ZipArchive(await WriteAsync(texts.Skip(3), lastRow: 100));

        string[] Read(ZipArchive from) => [.. Load(from, "xl/worksheets/sheet2.xml").Descendants(Main + "row").Skip(1).Select(row => row.Descendants(Main + "t").Single().Value)];
        Assert.Equal(["<&>\"'", " blanks ", "=1"], Read(zip));
        Assert.Equal(["tab\there", "bell_x0007_", "_x005F_x0007_", "half \uFFFD pair", "🤖 عميل", "_xFFFE_", "_", "__x005F_x1234_"], Read(more));
    }

    private static async Task<MemoryStream> WriteAsync(IEnumerable<string> rows, int lastRow = LastRow)
    {
        var output = new MemoryStream();
        using var template = LayOutWorkbook.Make([("By", "=nobody")], ["elevenlabs"]);
        await using (var workbook = await WorkbookWriter.CreateAsync(template, output, CancellationToken.None, lastRow))
        {
            await workbook.WriteRowsAsync(Sheets.Agents, rows.ToAsyncEnumerable(), (row, text) => row.Text(text), CancellationToken.None);
            await workbook.CompleteAsync(CancellationToken.None);
        }

        output.Position = 0;
        return output;
    }

    private static XDocument Load(ZipArchive zip, string part)
    {
        using var stream = zip.GetEntry(part)!.Open();
        return XDocument.Load(stream, LoadOptions.PreserveWhitespace);
    }
}
