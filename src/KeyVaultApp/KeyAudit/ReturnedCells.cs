using System.Globalization;
using System.Text;
using System.Xml;

namespace KeyVaultApp.KeyAudit;

/// <summary>A cell as it stands in the file: its text, or the number of a text that stands elsewhere.</summary>
internal readonly record struct ReturnedCell(int Column, string? Text, int? Shared, bool IsFormula)
{
    public bool IsBlank => Shared is null && string.IsNullOrWhiteSpace(Text) && !IsFormula;
}

internal sealed record ReturnedCellRow(int Number, IReadOnlyList<ReturnedCell> Cells);

/// <summary>Reads sheets and shared strings as streams, whoever wrote them: Excel, LibreOffice or this product.</summary>
internal static class ReturnedCells
{
    /// <summary>What a cell of Excel holds.</summary>
    public const int LongestText = 32_767;

    private const int MostColumns = 16_384;

    public static IEnumerable<ReturnedCellRow> Rows(XmlReader sheet)
    {
        var number = 0;
        while (sheet.Read())
        {
            if (!IsStart(sheet, "row")) continue;
            number = sheet.GetAttribute("r") is { } r ? int.Parse(r, CultureInfo.InvariantCulture) : number + 1;
            yield return new ReturnedCellRow(number, Cells(sheet));
        }
    }

    /// <summary>Of all shared strings those that are asked for.</summary>
    public static Dictionary<int, string> SharedStrings(XmlReader strings, IReadOnlySet<int> wanted)
    {
        var (found, number) = (new Dictionary<int, string>(), 0);
        while (found.Count < wanted.Count && strings.Read())
        {
            if (!IsStart(strings, "si")) continue;
            if (wanted.Contains(number)) found[number] = Text(strings, "si");
            number++;
        }

        return found;
    }

    private static List<ReturnedCell> Cells(XmlReader sheet)
    {
        var (cells, column) = (new List<ReturnedCell>(), 0);
        if (sheet.IsEmptyElement) return cells;
        var depth = sheet.Depth;
        while (sheet.Read() && sheet.Depth > depth)
        {
            if (!IsStart(sheet, "c")) continue;
            column = sheet.GetAttribute("r") is { } place ? Column(place) : column + 1;
            if (column > MostColumns) throw new XmlException("There are no more columns than that.");
            if (Cell(sheet, column) is { IsBlank: false } cell) cells.Add(cell);
        }

        return cells;
    }

    private static ReturnedCell Cell(XmlReader sheet, int column)
    {
        var type = sheet.GetAttribute("t");
        string? text = null;
        var isFormula = false;
        if (!sheet.IsEmptyElement)
        {
            var depth = sheet.Depth;
            while (sheet.Read() && sheet.Depth > depth)
            {
                if (IsStart(sheet, "f")) isFormula = true;
                else if (IsStart(sheet, "v")) text = Text(sheet, "v");
                else if (IsStart(sheet, "is")) text = Text(sheet, "is");
            }
        }

        return type == "s" && text is not null
            ? new ReturnedCell(column, null, int.Parse(text, CultureInfo.InvariantCulture), isFormula)
            : new ReturnedCell(column, text, null, isFormula);
    }

    /// <summary>The text inside an element, of all its runs; readings in another script (rPh) are left out.</summary>
    private static string Text(XmlReader reader, string element)
    {
        if (reader.IsEmptyElement) return "";
        var text = new StringBuilder();
        var depth = reader.Depth;
        while (reader.Read() && reader.Depth > depth)
        {
            if (IsStart(reader, "rPh")) reader.Skip();
            if (reader.NodeType is not (XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace)) continue;
            if (text.Length + reader.Value.Length > LongestText) throw new XmlException($"A text of {element} is longer than a cell can be.");
            text.Append(reader.Value);
        }

        return XmlConvert.DecodeName(text.ToString());
    }

    private static bool IsStart(XmlReader reader, string name) => reader.NodeType == XmlNodeType.Element && reader.LocalName == name;

    /// <summary>B of B7 is 2.</summary>
    private static int Column(string place)
    {
        const int letters = 26;
        var column = 0;
        foreach (var letter in place)
        {
            if (letter is < 'A' or > 'Z') break;
            column = checked((column * letters) + letter - 'A' + 1);
        }

        return column;
    }
}
