using System.Xml.Linq;
using KeyVaultApp.Web;

namespace KeyVaultApp.KeyAudit;

/// <summary>A row with something filled in, as it was typed.</summary>
internal sealed record ReturnedRow(int Row, string? WorkspaceId, string? Kind, string? Fingerprint, string? Name, string? Provider, string? Assign, string? Decision);

/// <param name="Columns">The letter of each column by its heading, to name places by.</param>
internal sealed record ReturnedSheet(string Name, IReadOnlyDictionary<string, string> Columns, IReadOnlyList<ReturnedRow> Rows);

/// <summary>A place in the workbook that cannot be taken as it is, and why.</summary>
/// <param name="Column">Letter and heading.</param>
public sealed record RowProblem(string Sheet, int Row, string Column, string Message)
{
    public override string ToString() => $"{Sheet}, row {Row}, column {Column}: {Message}";
}

/// <summary>What came back, without the file it came in.</summary>
internal sealed record ReturnedWorkbook(IReadOnlyList<ReturnedSheet> Sheets, IReadOnlyList<RowProblem> Problems);

/// <summary>
/// Reads the filled-in rows of "Distinct keys", and nothing else. Sheets and columns are found by their names, so that a
/// workbook may have been saved by anything and its columns moved. Memory grows with what was filled in, not with the fleet.
/// </summary>
internal static class ReadReturn
{
    private const int HeadingWithin = 20;
    private const int MostRows = 100_000;

    private static readonly string[] Wanted =
    [
        Sheets.WorkspaceIdHeading, Sheets.KindHeading, Sheets.FingerprintHeading,
        Sheets.NameHeading, Sheets.ProviderHeading, Sheets.AssignHeading, Sheets.DecisionHeading,
    ];

    private static readonly string[] FilledIn = [Sheets.NameHeading, Sheets.ProviderHeading, Sheets.AssignHeading, Sheets.DecisionHeading];

    private static readonly XNamespace Document = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    /// <exception cref="Refusal">It is not a workbook of ours that can be read.</exception>
    public static ReturnedWorkbook Run(Stream file)
    {
        using var package = ReturnedPackage.Open(file);
        var (sheets, strings) = Find(package);
        if (sheets.Count == 0) throw ReturnedPackage.Unusable($"has no sheet \"{Sheets.DistinctKeysName}\". Upload the workbook that was downloaded here.");
        var problems = new List<RowProblem>();
        return new ReturnedWorkbook([.. sheets.Select(sheet => ReadSheet(package, sheet.Name, sheet.Part, strings, problems))], problems);
    }

    private static (IReadOnlyList<(string Name, string Part)> Sheets, string? Strings) Find(ReturnedPackage package)
    {
        static IEnumerable<(string Id, string Type, string Target)> Relations(XDocument document, string folder) => document.Root!.Elements()
            .Select(relation => ((string?)relation.Attribute("Id") ?? "", (string?)relation.Attribute("Type") ?? "", Path((string?)relation.Attribute("Target") ?? "", folder)));
        static string Path(string target, string folder) => target.StartsWith('/') ? target[1..] : folder + target;

        if (!package.Has("_rels/.rels")) throw ReturnedPackage.Unusable("is not an Excel workbook (.xlsx).");
        var workbook = Relations(package.Load("_rels/.rels"), "").FirstOrDefault(relation => relation.Type.EndsWith("/officeDocument", StringComparison.Ordinal)).Target;
        if (workbook is null || !workbook.Contains('/')) throw ReturnedPackage.Unusable("is not an Excel workbook (.xlsx).");
        var folder = workbook[..(workbook.LastIndexOf('/') + 1)];
        var relations = Relations(package.Load($"{folder}_rels/{workbook[folder.Length..]}.rels"), folder).ToList();
        var sheets = package.Load(workbook).Descendants().Where(element => element.Name.LocalName == "sheet")
            .Select(sheet => (Name: (string?)sheet.Attribute("name") ?? "", Id: (string?)sheet.Attribute(Document + "id")))
            .Where(sheet => sheet.Name == Sheets.DistinctKeysName || sheet.Name.StartsWith($"{Sheets.DistinctKeysName} ", StringComparison.Ordinal))
            .Select(sheet => (sheet.Name, relations.FirstOrDefault(relation => relation.Id == sheet.Id).Target ?? ""))
            .ToList();
        var strings = relations.FirstOrDefault(relation => relation.Type.EndsWith("/sharedStrings", StringComparison.Ordinal)).Target;
        return (sheets, strings is not null && package.Has(strings) ? strings : null);
    }

    private static ReturnedSheet ReadSheet(ReturnedPackage package, string name, string part, string? strings, List<RowProblem> problems)
    {
        var top = package.Read(part, sheet => ReturnedCells.Rows(sheet).Take(HeadingWithin).ToList());
        var (headingRow, columns) = Headings(name, top, Texts(package, strings, top));
        var letters = columns.ToDictionary(column => column.Key, column => SheetWriter.Letters(column.Value));
        var filledIn = FilledIn.Select(heading => columns[heading]).ToHashSet();
        var wanted = columns.Values.ToHashSet();

        var rows = package.Read(part, sheet => ReturnedCells.Rows(sheet)
            .Where(row => row.Number > headingRow && row.Cells.Any(cell => filledIn.Contains(cell.Column)))
            .Select(row => row with { Cells = [.. row.Cells.Where(cell => wanted.Contains(cell.Column))] })
            .Take(MostRows + 1).ToList());
        if (rows.Count > MostRows) throw ReturnedPackage.Unusable($"has more than {MostRows:N0} rows with a decision. Hand them in in parts.");
        problems.AddRange(
            from row in rows
            from cell in row.Cells
            where cell.IsFormula
            let heading = columns.First(column => column.Value == cell.Column).Key
            select new RowProblem(name, row.Number, $"{letters[heading]} ({heading})", "This is a formula. Put the text itself there."));

        var texts = Texts(package, strings, rows);
        string? Text(ReturnedCellRow row, string heading) =>
            row.Cells.FirstOrDefault(cell => cell.Column == columns[heading]) is { Column: > 0 } cell ? TextOf(cell, texts).NullIfBlank() : null;
        return new ReturnedSheet(name, letters, [.. rows
            .Select(row => new ReturnedRow(
                row.Number, Text(row, Sheets.WorkspaceIdHeading), Text(row, Sheets.KindHeading), Text(row, Sheets.FingerprintHeading),
                Text(row, Sheets.NameHeading), Text(row, Sheets.ProviderHeading), Text(row, Sheets.AssignHeading), Text(row, Sheets.DecisionHeading)))
            .Where(row => (row.Name ?? row.Provider ?? row.Assign ?? row.Decision) is not null)]);
    }

    private static (int Row, IReadOnlyDictionary<string, int> Columns) Headings(string name, IReadOnlyList<ReturnedCellRow> top, Dictionary<int, string> texts)
    {
        ILookup<string, int> Of(ReturnedCellRow row) => row.Cells.ToLookup(cell => TextOf(cell, texts)?.Trim() ?? "", cell => cell.Column);
        var best = top.Select(row => (row.Number, Cells: Of(row))).OrderByDescending(row => Wanted.Count(row.Cells.Contains)).FirstOrDefault();
        var missing = Wanted.Where(heading => best.Cells?.Contains(heading) is not true).ToList();
        if (missing is not []) throw ReturnedPackage.Unusable($"has no column \"{string.Join("\", \"", missing)}\" in its sheet \"{name}\". Download the workbook anew, and copy what was filled in.");
        if (Wanted.FirstOrDefault(heading => best.Cells![heading].Count() > 1) is { } twice) throw ReturnedPackage.Unusable($"has the column \"{twice}\" twice in its sheet \"{name}\".");
        return (best.Number, Wanted.ToDictionary(heading => heading, heading => best.Cells![heading].Single()));
    }

    private static Dictionary<int, string> Texts(ReturnedPackage package, string? strings, IReadOnlyList<ReturnedCellRow> rows)
    {
        var wanted = rows.SelectMany(row => row.Cells).Select(cell => cell.Shared).OfType<int>().ToHashSet();
        return strings is null || wanted.Count == 0 ? [] : package.Read(strings, reader => ReturnedCells.SharedStrings(reader, wanted));
    }

    private static string? TextOf(ReturnedCell cell, Dictionary<int, string> texts) => cell.Shared is { } shared ? texts.GetValueOrDefault(shared) : cell.Text;
}
