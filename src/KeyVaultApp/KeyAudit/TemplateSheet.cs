using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace KeyVaultApp.KeyAudit;

/// <summary>
/// A sheet as it was laid out, cut in two at its model row: what stands before the rows, and what stands behind them, where
/// filters, lists and the like are stretched over as many rows as there turn out to be.
/// </summary>
internal sealed partial class TemplateSheet
{
    public static readonly XNamespace Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    private const string Cut = "<!--rows-->";
    private readonly string _head;
    private readonly string _tail;
    private readonly int _modelRow;

    public TemplateSheet(Stream part)
    {
        var root = XDocument.Load(part).Root!;
        // The prefix that the layout was written with would be one more thing for every cell to carry.
        root.Attributes().Where(attribute => attribute.IsNamespaceDeclaration && attribute.Value == Main.NamespaceName).Remove();
        root.SetAttributeValue("xmlns", Main.NamespaceName);
        root.Element(Main + "dimension")?.Remove();

        var data = root.Element(Main + "sheetData")!;
        var model = data.Elements(Main + "row").Last();
        _modelRow = int.Parse((string)model.Attribute("r")!, CultureInfo.InvariantCulture);
        Styles = [.. model.Elements(Main + "c").Select(cell => (string?)cell.Attribute("s") ?? "0")];
        model.ReplaceWith(new XComment("rows"));
        var text = root.ToString(SaveOptions.DisableFormatting);
        var cut = text.IndexOf(Cut, StringComparison.Ordinal);
        _head = text[..cut];
        _tail = text[(cut + Cut.Length)..];
    }

    /// <summary>The style of each column, as the model row has it.</summary>
    public IReadOnlyList<string> Styles { get; }

    public int HeadingRow => _modelRow - 1;

    public byte[] Head => Encoding.UTF8.GetBytes($"<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n{_head}");

    /// <param name="lastRow">At least one below the headings, so that an empty sheet keeps its filters.</param>
    public byte[] Tail(int lastRow) => Encoding.UTF8.GetBytes(Stretch(_tail, lastRow));

    /// <summary>Makes every reference that ends in the model row end in the last one.</summary>
    public string Stretch(string references, int lastRow) => Reference().Replace(references, match =>
        match.Groups["row"].Value == _modelRow.ToString(CultureInfo.InvariantCulture)
            ? $"{match.Groups["start"].Value}:{match.Groups["column"].Value}{Math.Max(lastRow, _modelRow)}"
            : match.Value);

    [GeneratedRegex(@"(?<start>\$?[A-Z]{1,3}\$?[0-9]+):(?<column>\$?[A-Z]{1,3}\$?)(?<row>[0-9]+)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Reference();
}
