using System.IO.Compression;
using System.Xml.Linq;

namespace KeyVaultApp.IntegrationTests.KeyAudit;

/// <summary>A workbook read and filled in by its parts alone, without anything that the product writes or reads one with.</summary>
internal sealed class Workbook
{
    public const string DistinctKeys = "Distinct keys";

    public static readonly XNamespace Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private static readonly XNamespace Document = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string SharedStrings = "xl/sharedStrings.xml";

    private readonly Dictionary<string, byte[]> _parts = [];

    public Workbook(byte[] file)
    {
        using var zip = new ZipArchive(new MemoryStream(file), ZipArchiveMode.Read);
        foreach (var entry in zip.Entries)
        {
            using var stream = entry.Open();
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            _parts.Add(entry.FullName, copy.ToArray());
        }
    }

    public IReadOnlyDictionary<string, byte[]> Parts => _parts;

    public IReadOnlyList<string> SheetNames => [.. Load("xl/workbook.xml").Descendants(Main + "sheet").Select(sheet => (string)sheet.Attribute("name")!)];

    public XDocument Load(string part)
    {
        using var stream = new MemoryStream(_parts[part]);
        return XDocument.Load(stream, LoadOptions.PreserveWhitespace);
    }

    public XDocument Sheet(string name) => Load(PartOf(name));

    public void Put(string part, string text) => _parts[part] = System.Text.Encoding.UTF8.GetBytes(text);

    /// <summary>The rows below the headings, each by heading; cells without text are left out.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Rows(string sheet)
    {
        var (headings, rows) = Table(Sheet(sheet));
        return [.. rows.Select(row => Cells(row).Where(cell => headings.ContainsKey(cell.Column) && cell.Text.Length > 0).ToDictionary(cell => headings[cell.Column], cell => cell.Text))];
    }

    /// <summary>Types into the rows that fit, as a person would; there has to be one.</summary>
    public Workbook Fill(Func<IReadOnlyDictionary<string, string>, bool> which, params (string Heading, string Text)[] cells)
    {
        var sheet = Sheet(DistinctKeys);
        var (headings, rows) = Table(sheet);
        var filled = 0;
        foreach (var row in rows)
        {
            var texts = Cells(row).Where(cell => headings.ContainsKey(cell.Column)).ToDictionary(cell => headings[cell.Column], cell => cell.Text);
            if (!which(texts)) continue;
            filled++;
            foreach (var (heading, text) in cells)
            {
                var place = headings.Single(column => column.Value == heading).Key + (string)row.Attribute("r")!;
                var cell = row.Elements(Main + "c").Single(one => (string?)one.Attribute("r") == place);
                cell.SetAttributeValue("t", "inlineStr");
                cell.ReplaceNodes(new XElement(Main + "is", new XElement(Main + "t", new XAttribute(XNamespace.Xml + "space", "preserve"), text)));
            }
        }

        Assert.True(filled > 0, "No row fits.");
        _parts[PartOf(DistinctKeys)] = Bytes(sheet);
        return this;
    }

    /// <summary>As another program saves it: texts in one table, cells without places of their own, the columns the other way round.</summary>
    public Workbook Resave()
    {
        var strings = Load(SharedStrings);
        var sheet = Sheet(DistinctKeys);
        foreach (var row in sheet.Descendants(Main + "row"))
        {
            var cells = Cells(row).Select(cell => cell.Text).ToList();
            cells.Reverse();
            row.ReplaceNodes(cells.Select(text =>
            {
                if (text.Length == 0) return new XElement(Main + "c");
                strings.Root!.Add(new XElement(Main + "si", new XElement(Main + "r", new XElement(Main + "t", text[..1])), new XElement(Main + "r", new XElement(Main + "t", text[1..]))));
                return new XElement(Main + "c", new XAttribute("t", "s"), new XElement(Main + "v", strings.Root.Elements(Main + "si").Count() - 1));
            }));
            row.Attribute("r")!.Remove();
        }

        _parts[SharedStrings] = Bytes(strings);
        _parts[PartOf(DistinctKeys)] = Bytes(sheet);
        return this;
    }

    public byte[] ToBytes()
    {
        var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, bytes) in _parts)
            {
                using var stream = zip.CreateEntry(name).Open();
                stream.Write(bytes);
            }

        return file.ToArray();
    }

    public string PartOf(string sheet)
    {
        var id = (string)Load("xl/workbook.xml").Descendants(Main + "sheet").Single(one => (string?)one.Attribute("name") == sheet).Attribute(Document + "id")!;
        var target = (string)Load("xl/_rels/workbook.xml.rels").Root!.Elements().Single(relation => (string?)relation.Attribute("Id") == id).Attribute("Target")!;
        return target.TrimStart('/');
    }

    private (Dictionary<string, string> Headings, IReadOnlyList<XElement> Rows) Table(XDocument sheet)
    {
        var rows = sheet.Descendants(Main + "row").ToList();
        var heading = rows.FindIndex(row => Cells(row).Count(cell => cell.Text.Length > 0) > 4);
        return (Cells(rows[heading]).ToDictionary(cell => cell.Column, cell => cell.Text), rows[(heading + 1)..]);
    }

    private IReadOnlyList<(string Column, string Text)> Cells(XElement row) =>
        [.. row.Elements(Main + "c").Select(cell => (((string)cell.Attribute("r")!).TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9'), Text(cell)))];

    private string Text(XElement cell) => (string?)cell.Attribute("t") switch
    {
        "inlineStr" => string.Concat(cell.Descendants(Main + "t").Select(text => text.Value)),
        "s" => string.Concat(Strings[(int)cell.Element(Main + "v")!].Descendants(Main + "t").Select(text => text.Value)),
        _ => (string?)cell.Element(Main + "v") ?? "",
    };

    private IReadOnlyList<XElement> Strings => _strings ??= [.. Load(SharedStrings).Root!.Elements(Main + "si")];

    private IReadOnlyList<XElement>? _strings;

    private static byte[] Bytes(XDocument document)
    {
        using var stream = new MemoryStream();
        document.Save(stream, SaveOptions.DisableFormatting);
        return stream.ToArray();
    }
}
