using System.Net;
using System.Text;
using System.Text.Json;

namespace KeyVaultApp.IntegrationTests.Canary;

/// <summary>Finds a value in bytes, in every form in which one gets out: as it is, wide, as hex or base64, escaped for JSON, HTML and addresses.</summary>
internal static class Leaks
{
    /// <summary>The part of a canary that no escaping changes.</summary>
    private const int CoreLength = 32;

    /// <summary>A value with characters that every encoding turns into something else, around a core that stays.</summary>
    public static string NewCanary() => $"kv+/{Guid.NewGuid():N}=&%<'>";

    /// <returns>The names of the forms that were found.</returns>
    public static IReadOnlyList<string> In(ReadOnlySpan<byte> where, string value)
    {
        var found = new List<string>();
        foreach (var (form, bytes) in FormsOf(value))
            if (where.IndexOf(bytes) >= 0)
                found.Add(form);
        return found;
    }

    public static IReadOnlyList<(string Form, byte[] Bytes)> FormsOf(string value) => value.StartsWith("kv+/", StringComparison.Ordinal)
        ? [.. Encodings(value), .. Encodings(value.Substring(4, CoreLength)).Select(form => ($"core, {form.Form}", form.Bytes))]
        : [.. Encodings(value)];

    private static IEnumerable<(string Form, byte[] Bytes)> Encodings(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        yield return ("plain", utf8);
        yield return ("UTF-16", Encoding.Unicode.GetBytes(text));
        yield return ("hex", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(utf8)));
        yield return ("upper-case hex", Encoding.ASCII.GetBytes(Convert.ToHexString(utf8)));
        yield return ("address", Encoding.ASCII.GetBytes(Uri.EscapeDataString(text)));
        yield return ("form", Encoding.ASCII.GetBytes(WebUtility.UrlEncode(text)));
        yield return ("HTML", Encoding.UTF8.GetBytes(WebUtility.HtmlEncode(text)));
        yield return ("JSON", JsonEncodedText.Encode(text).EncodedUtf8Bytes.ToArray());
        for (var shift = 0; shift < 3; shift++)
        {
            var inner = Base64Inside(utf8, shift);
            yield return ($"base64 at {shift}", Encoding.ASCII.GetBytes(inner));
            yield return ($"base64url at {shift}", Encoding.ASCII.GetBytes(inner.Replace('+', '-').Replace('/', '_')));
        }
    }

    /// <summary>The digits that the value alone decides, where so many bytes stand before it in its group of three.</summary>
    private static string Base64Inside(byte[] bytes, int before)
    {
        const int BitsOfDigit = 6;
        const int BitsOfByte = 8;
        var first = (before * BitsOfByte + BitsOfDigit - 1) / BitsOfDigit;
        var end = (before + bytes.Length) * BitsOfByte / BitsOfDigit;
        return Convert.ToBase64String([.. new byte[before], .. bytes])[first..end];
    }
}
