using System.Text;

namespace KeyVaultApp.Web;

/// <summary>CSV (RFC 4180) for spreadsheets, sent row by row: memory does not grow with the file.</summary>
public static class Csv
{
    /// <summary>A cell that begins so is a formula to a spreadsheet. Names are typed by people, so it is defused.</summary>
    private static readonly char[] FormulaMarks = ['=', '+', '-', '@', '\t', '\r'];

    /// <summary>The first line, behind a byte order mark, by which spreadsheets recognise UTF-8.</summary>
    public static string Start(params IEnumerable<string> columns) => $"\uFEFF{string.Join(',', columns)}\r\n";

    public static string Line(params IEnumerable<string?> cells) => new StringBuilder().AppendJoin(',', cells.Select(Cell)).Append("\r\n").ToString();

    /// <param name="pieces">The first comes before anything is sent, so that a wrong filter still gets its error page.</param>
    public static async Task SendAsync(HttpResponse response, string fileName, IAsyncEnumerable<string> pieces, CancellationToken ct)
    {
        await using var file = pieces.GetAsyncEnumerator(ct);
        if (!await file.MoveNextAsync()) return;
        response.ContentType = "text/csv; charset=utf-8";
        response.Headers.ContentDisposition = $"attachment; filename={fileName}";
        await using var writer = new StreamWriter(response.Body, new UTF8Encoding(false), leaveOpen: true);
        do await writer.WriteAsync(file.Current.AsMemory(), ct);
        while (await file.MoveNextAsync());
    }

    private static string Cell(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        var safe = FormulaMarks.Contains(text[0]) ? $"'{text}" : text;
        return safe.IndexOfAny(['"', ',', '\r', '\n']) < 0 ? safe : $"\"{safe.Replace("\"", "\"\"")}\"";
    }
}
