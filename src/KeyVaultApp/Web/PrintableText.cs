using System.Globalization;

namespace KeyVaultApp.Web;

public static class PrintableText
{
    /// <summary>
    /// Letters of any script and emoji are welcome. Refused is what cannot be seen or stored: control characters, halves of
    /// a surrogate pair, U+FFFE (no character, and names that hold it cannot be normalized), and the marks that turn the
    /// reading direction of what follows (a name could pass for another).
    /// </summary>
    public static bool IsPrintable(string text, bool severalLines = false)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]))
            {
                if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
                i++;
            }
            else if (severalLines && text[i] is ('\n' or '\r' or '\t'))
            {
                continue;
            }
            else if (IsInvisible(text[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsInvisible(char character) =>
        char.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || character is (>= '\u202A' and <= '\u202E') or (>= '\u2060' and <= '\u2069') or '\u200B' or '\u200E' or '\u200F' or '\uFEFF' or '\uFFFE';
}
