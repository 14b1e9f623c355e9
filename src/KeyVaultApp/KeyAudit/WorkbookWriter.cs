using System.IO.Compression;
using System.Xml.Linq;

namespace KeyVaultApp.KeyAudit;

/// <summary>
/// Copies the laid-out workbook part by part and puts rows in place of the model rows, as they come. What tells of all sheets
/// is written last, when it is known how many there are: beyond what one sheet holds there is a second one, "Agents 2".
/// </summary>
internal sealed class WorkbookWriter : IAsyncDisposable
{
    private const string WorkbookPart = "xl/workbook.xml";
    private const string RelationsPart = "xl/_rels/workbook.xml.rels";
    private const string TypesPart = "[Content_Types].xml";

    private static readonly XNamespace Relations = "http://schemas.openxmlformats.org/package/2006/relationships";
    private static readonly XNamespace DocumentRelations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private static readonly XNamespace Types = "http://schemas.openxmlformats.org/package/2006/content-types";

    private readonly ZipArchive _template;
    private readonly ZipArchive _output;
    private readonly int _lastRowOfASheet;
    private readonly XDocument _workbook;
    private readonly XDocument _relations;
    private readonly XDocument _types;
    private readonly HashSet<string> _written = [WorkbookPart, RelationsPart, TypesPart];

    private WorkbookWriter(ZipArchive template, ZipArchive output, int lastRowOfASheet)
    {
        _template = template;
        _output = output;
        _lastRowOfASheet = lastRowOfASheet;
        _workbook = Load(WorkbookPart);
        _relations = Load(RelationsPart);
        _types = Load(TypesPart);
    }

    /// <param name="output">Need not be seekable; it is left open.</param>
    /// <param name="lastRowOfASheet">What Excel's format holds.</param>
    public static async Task<WorkbookWriter> CreateAsync(Stream template, Stream output, CancellationToken ct, int lastRowOfASheet = 1_048_576) => new(
        new ZipArchive(template, ZipArchiveMode.Read),
        await ZipArchive.CreateAsync(output, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, ct),
        lastRowOfASheet);

    /// <summary>Writes one sheet with its rows; each sheet once.</summary>
    public async Task WriteRowsAsync<T>(SheetOfRows sheet, IAsyncEnumerable<T> rows, Action<SheetWriter, T> write, CancellationToken ct)
    {
        var entry = _workbook.Descendants(TemplateSheet.Main + "sheet").Single(element => (string?)element.Attribute("name") == sheet.Name);
        var part = PartOf(entry);
        TemplateSheet layout;
        await using (var stream = await _template.GetEntry(part)!.OpenAsync(ct)) layout = new TemplateSheet(stream);

        await using var source = rows.GetAsyncEnumerator(ct);
        var isMore = await source.MoveNextAsync();
        for (var number = 1; number == 1 || isMore; number++)
        {
            var target = number == 1 ? part : AddSheet(entry, part, number);
            var writer = new SheetWriter(layout.Styles, layout.HeadingRow);
            _written.Add(target);
            await using var stream = await _output.CreateEntry(target, CompressionLevel.Fastest).OpenAsync(ct);
            await stream.WriteAsync(layout.Head, ct);
            for (; isMore && writer.Row < _lastRowOfASheet; isMore = await source.MoveNextAsync())
            {
                writer.BeginRow();
                write(writer, source.Current);
                writer.EndRow();
                if (writer.IsFull) await writer.FlushAsync(stream, ct);
            }

            await writer.FlushAsync(stream, ct);
            await stream.WriteAsync(layout.Tail(writer.Row), ct);
            StretchNames(sheet, number, layout, writer.Row);
        }
    }

    /// <summary>Writes all that is left. Without this the file is no workbook.</summary>
    public async Task CompleteAsync(CancellationToken ct)
    {
        foreach (var entry in _template.Entries.Where(entry => !_written.Contains(entry.FullName)))
        {
            await using var from = await entry.OpenAsync(ct);
            await using var to = await _output.CreateEntry(entry.FullName, CompressionLevel.Fastest).OpenAsync(ct);
            await from.CopyToAsync(to, ct);
        }

        foreach (var (name, document) in new[] { (WorkbookPart, _workbook), (RelationsPart, _relations), (TypesPart, _types) })
        {
            await using var to = await _output.CreateEntry(name, CompressionLevel.Fastest).OpenAsync(ct);
            await document.SaveAsync(to, SaveOptions.DisableFormatting, ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _template.Dispose();
        await _output.DisposeAsync();
    }

    private string PartOf(XElement sheet)
    {
        var id = (string)sheet.Attribute(DocumentRelations + "id")!;
        var target = (string)_relations.Root!.Elements(Relations + "Relationship").Single(relation => (string?)relation.Attribute("Id") == id).Attribute("Target")!;
        return target.StartsWith('/') ? target[1..] : $"xl/{target}";
    }

    /// <returns>The part of the new sheet, which stands behind the ones before it.</returns>
    private string AddSheet(XElement first, string part, int number)
    {
        var target = part.Replace(".xml", $"-{number}.xml");
        var name = (string)first.Attribute("name")!;
        var sheets = first.Parent!.Elements().ToList();
        var id = $"rows{sheets.Count + 1}";
        sheets.Last(sheet => ((string)sheet.Attribute("name")!).Split(" ")[0] == name.Split(" ")[0]).AddAfterSelf(new XElement(
            TemplateSheet.Main + "sheet",
            new XAttribute("name", $"{name} {number}"),
            new XAttribute("sheetId", sheets.Max(sheet => (int)sheet.Attribute("sheetId")!) + 1),
            new XAttribute(DocumentRelations + "id", id)));
        // Names that belong to a sheet say so by its place, and the places behind the new one have moved.
        var place = first.Parent!.Elements().ToList().FindIndex(sheet => (string?)sheet.Attribute(DocumentRelations + "id") == id);
        foreach (var local in _workbook.Descendants(TemplateSheet.Main + "definedName").Attributes("localSheetId"))
            if ((int)local >= place)
                local.SetValue((int)local + 1);

        var relation = _relations.Root!.Elements(Relations + "Relationship").Single(one => (string?)one.Attribute("Id") == (string?)first.Attribute(DocumentRelations + "id"));
        relation.AddAfterSelf(new XElement(relation.Name, new XAttribute("Type", (string)relation.Attribute("Type")!), new XAttribute("Target", $"/{target}"), new XAttribute("Id", id)));
        var type = _types.Root!.Elements(Types + "Override").Single(one => (string?)one.Attribute("PartName") == $"/{part}");
        type.AddAfterSelf(new XElement(type.Name, new XAttribute("PartName", $"/{target}"), new XAttribute("ContentType", (string)type.Attribute("ContentType")!)));
        return target;
    }

    /// <summary>A filter has a hidden name beside it, which says the same range once more.</summary>
    private void StretchNames(SheetOfRows sheet, int number, TemplateSheet layout, int lastRow)
    {
        if (number > 1) return;
        foreach (var name in _workbook.Descendants(TemplateSheet.Main + "definedName"))
            if (name.Value.StartsWith($"'{sheet.Name}'!", StringComparison.Ordinal) || name.Value.StartsWith($"{sheet.Name}!", StringComparison.Ordinal))
                name.Value = layout.Stretch(name.Value, lastRow);
    }

    private XDocument Load(string part)
    {
        using var stream = _template.GetEntry(part)!.Open();
        return XDocument.Load(stream);
    }
}
