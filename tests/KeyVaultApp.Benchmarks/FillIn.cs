using System.IO.Compression;
using System.Xml.Linq;

namespace KeyVaultApp.Benchmarks;

/// <summary>Does to a workbook what a very patient person would: names keys, one row after the other.</summary>
internal static class FillIn
{
    private const string DistinctKeys = "xl/worksheets/sheet3.xml";
    private static readonly XNamespace Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    /// <returns>How many rows were named: those whose key no row before them has.</returns>
    public static int Names(string path, int rows)
    {
        using var zip = ZipFile.Open(path, ZipArchiveMode.Update);
        var entry = zip.GetEntry(DistinctKeys)!;
        XDocument sheet;
        using (var stream = entry.Open()) sheet = XDocument.Load(stream);
        var (seen, named) = (new HashSet<string>(StringComparer.Ordinal), 0);
        foreach (var row in sheet.Descendants(Main + "row").Skip(1))
        {
            if (named == rows) break;
            var cells = row.Elements(Main + "c").ToDictionary(cell => ((string)cell.Attribute("r")!)[..1]);
            if (!seen.Add(cells["O"].Value)) continue;
            named++;
            Put(cells["J"], $"Named {named:00000}");
            Put(cells["M"], "create");
        }

        entry.Delete();
        using var written = zip.CreateEntry(DistinctKeys).Open();
        sheet.Save(written);
        return named;
    }

    private static void Put(XElement cell, string text)
    {
        cell.SetAttributeValue("t", "inlineStr");
        cell.ReplaceNodes(new XElement(Main + "is", new XElement(Main + "t", text)));
    }
}
