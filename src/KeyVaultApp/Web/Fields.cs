using System.Globalization;

namespace KeyVaultApp.Web;

/// <summary>Reads the fields of a query string. What cannot be read is refused by name, and not repeated.</summary>
public static class Fields
{
    private const int TextMaxLength = 256;

    private static readonly string[] Iso8601 = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    public static Guid? Id(string? text, string field) =>
        string.IsNullOrEmpty(text) ? null
        : Guid.TryParseExact(text, "D", out var id) ? id
        : throw Refusal.Invalid(field, $"{field} must be an id (a UUID).");

    /// <summary>A date, or a date and a time; UTC where it names no offset.</summary>
    public static DateTimeOffset? Time(string? text, string field) =>
        string.IsNullOrEmpty(text) ? null
        : TimeOrNull(text) is { } time ? time
        : throw Refusal.Invalid(field, $"{field} must be a date or time in ISO 8601, such as 2026-01-31 or 2026-01-31T12:00:00Z.");

    /// <returns>Null where it is neither.</returns>
    public static DateTimeOffset? TimeOrNull(string? text) =>
        DateTimeOffset.TryParseExact(text, Iso8601, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    /// <summary>A field whose type says it all.</summary>
    public static Refusal Unreadable(string field) => Refusal.Invalid(field, $"{field} cannot be read.");

    /// <summary>A text that rows are compared with; null where there is none.</summary>
    public static string? Text(string? text, string field) =>
        string.IsNullOrWhiteSpace(text) ? null
        : text.Length <= TextMaxLength && PrintableText.IsPrintable(text) ? text.Trim()
        : throw Refusal.Invalid(field, $"{field} is longer than {TextMaxLength} characters or has characters that cannot be shown.");

    public static bool Flag(string? text, string field) => text switch
    {
        null or "" or "false" => false,
        "true" => true,
        _ => throw Refusal.Invalid(field, $"{field} must be true or false."),
    };

    /// <summary>One of a closed list of words, as they stand in JSON.</summary>
    public static T? Word<T>(string? text, string field) where T : struct, Enum
    {
        if (string.IsNullOrEmpty(text)) return null;
        foreach (var value in Enum.GetValues<T>())
            if (WordOf(value) == text)
                return value;
        throw Refusal.Invalid(field, $"{field} must be one of {string.Join(", ", Enum.GetValues<T>().Select(WordOf))}.");
    }

    /// <summary>One of a closed list of words that are no enum.</summary>
    public static string? Word(string? text, string field, IReadOnlyList<string> words) =>
        string.IsNullOrEmpty(text) ? null
        : words.Contains(text, StringComparer.Ordinal) ? text
        : throw Refusal.Invalid(field, $"{field} must be one of {string.Join(", ", words)}.");

    public static string WordOf<T>(T value) where T : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
