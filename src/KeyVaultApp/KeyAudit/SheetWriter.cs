using System.Buffers;
using System.Globalization;
using System.Text;

namespace KeyVaultApp.KeyAudit;

/// <summary>
/// Writes rows of a sheet as XML (ECMA-376 part 1, section 18.3.1) straight into a buffer. Texts are inline strings, so that
/// nothing is remembered from one row to the next, and no text is ever taken for a formula.
/// </summary>
internal sealed class SheetWriter
{
    private const int FlushAt = 64 * 1024;

    /// <summary>What needs a second look: XML's own marks, what XML 1.0 cannot hold, and the beginning of an escape.</summary>
    private static readonly SearchValues<char> Special = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(code => (char)code), '&', '<', '>', '_', .. Enumerable.Range(0xD800, 0x800).Select(code => (char)code), '\uFFFE', '\uFFFF']);

    private readonly ArrayBufferWriter<byte> _buffer = new(FlushAt * 2);
    private readonly byte[][] _starts;
    private readonly byte[][] _styles;
    private int _column;

    /// <param name="styles">The style of each column, by its number in the workbook.</param>
    /// <param name="lastRow">The row before the first that is written.</param>
    public SheetWriter(IReadOnlyList<string> styles, int lastRow)
    {
        Row = lastRow;
        _starts = [.. styles.Select((_, i) => Encoding.ASCII.GetBytes($"<c r=\"{Letters(i + 1)}"))];
        _styles = [.. styles.Select(style => Encoding.ASCII.GetBytes($"\" s=\"{style}\""))];
    }

    /// <summary>The row that was written last.</summary>
    public int Row { get; private set; }

    public bool IsFull => _buffer.WrittenCount >= FlushAt;

    public void BeginRow()
    {
        Row++;
        _column = 0;
        _buffer.Write("<row r=\""u8);
        Number(Row, _buffer);
        _buffer.Write("\">"u8);
    }

    public void EndRow() => _buffer.Write("</row>"u8);

    public void Text(string? text)
    {
        BeginCell();
        if (string.IsNullOrEmpty(text))
        {
            _buffer.Write("/>"u8);
            return;
        }

        _buffer.Write(text[0] is ' ' or '\t' or '\n' || text[^1] is ' ' or '\t' or '\n' ? " t=\"inlineStr\"><is><t xml:space=\"preserve\">"u8 : " t=\"inlineStr\"><is><t>"u8);
        Escape(text, _buffer);
        _buffer.Write("</t></is></c>"u8);
    }

    public void Number(long number)
    {
        BeginCell();
        _buffer.Write("><v>"u8);
        Number(number, _buffer);
        _buffer.Write("</v></c>"u8);
    }

    public async ValueTask FlushAsync(Stream to, CancellationToken ct)
    {
        await to.WriteAsync(_buffer.WrittenMemory, ct);
        _buffer.ResetWrittenCount();
    }

    /// <summary>The letters of a column: 1 is A, 27 is AA.</summary>
    public static string Letters(int column)
    {
        const int letters = 26;
        var text = "";
        for (var rest = column; rest > 0; rest = (rest - 1) / letters) text = (char)('A' + ((rest - 1) % letters)) + text;
        return text;
    }

    private void BeginCell()
    {
        _buffer.Write(_starts[_column]);
        Number(Row, _buffer);
        _buffer.Write(_styles[_column++]);
    }

    private static void Number(long number, ArrayBufferWriter<byte> to)
    {
        const int longest = 20;
        number.TryFormat(to.GetSpan(longest), out var written, default, CultureInfo.InvariantCulture);
        to.Advance(written);
    }

    /// <summary>What XML cannot hold is written as <c>_xHHHH_</c> (section 22.9.2.19), and so is the underscore of what looks like that already.</summary>
    private static void Escape(ReadOnlySpan<char> text, ArrayBufferWriter<byte> to)
    {
        while (text.Length > 0)
        {
            var plain = text.IndexOfAny(Special);
            if (plain < 0) plain = text.Length;
            Encoding.UTF8.GetBytes(text[..plain], to);
            text = text[plain..];
            if (text.IsEmpty) return;
            text = text[Mark(text, to)..];
        }
    }

    /// <returns>How many characters are dealt with.</returns>
    private static int Mark(ReadOnlySpan<char> text, ArrayBufferWriter<byte> to)
    {
        switch (text[0])
        {
            case '&': to.Write("&amp;"u8); return 1;
            case '<': to.Write("&lt;"u8); return 1;
            case '>': to.Write("&gt;"u8); return 1;
            case '\t' or '\n': Encoding.UTF8.GetBytes(text[..1], to); return 1;
            case '_' when !LooksEscaped(text): to.Write("_"u8); return 1;
            case var high when char.IsHighSurrogate(high) && text.Length > 1 && char.IsLowSurrogate(text[1]): Encoding.UTF8.GetBytes(text[..2], to); return 2;
            case var half when char.IsSurrogate(half): Encoding.UTF8.GetBytes("\uFFFD", to); return 1;
            default: Encoding.UTF8.GetBytes($"_x{(int)text[0]:X4}_", to); return 1;
        }
    }

    private static bool LooksEscaped(ReadOnlySpan<char> text)
    {
        const int length = 7;
        if (text.Length < length || text[1] != 'x' || text[length - 1] != '_') return false;
        foreach (var digit in text[2..(length - 1)])
            if (!char.IsAsciiHexDigit(digit))
                return false;
        return true;
    }
}
