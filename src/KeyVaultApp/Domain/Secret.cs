using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace KeyVaultApp.Domain;

/// <summary>
/// The value of a key. It has no way out but <see cref="Reveal"/>: printing, formatting, logging, comparing by text and
/// serialising all give the same three dots. An architecture test says which folders may reveal.
/// </summary>
[DebuggerDisplay("...")]
[JsonConverter(typeof(NeverWritten))]
[TypeConverter(typeof(FromForm))]
public sealed class Secret(string value)
{
    /// <summary>Values below this many characters show nothing at all: the last 4 of 8 would be half of it.</summary>
    public const int ShortestWithLast4 = 12;

    private static readonly char[] MaskMarks = ['.', '•', '*', '…'];

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly string _value = value;

    /// <summary>The last four characters, or null where the value is too short to show any or they would start inside a character.</summary>
    public string? Last4 => _value.Length < ShortestWithLast4 || char.IsLowSurrogate(_value[^4]) ? null : _value[^4..];

    internal int Length => _value.Length;

    public bool IsBlank => string.IsNullOrWhiteSpace(_value);

    /// <summary>Whether the value has no control characters.</summary>
    public bool IsPrintable => !_value.Any(char.IsControl);

    /// <summary>Whether the value can be a field of an HTTP header: visible ASCII, and no blanks at the ends.</summary>
    public bool IsHeaderText => _value.All(character => character is >= ' ' and <= '~') && _value.Trim().Length == _value.Length;

    /// <summary>
    /// What a screen shows in place of a value, coming back from a form: it changes nothing.
    /// A run of dots, bullets or asterisks, with or without the last four characters behind it, which may be such marks too.
    /// </summary>
    public bool IsMask => IsMaskOf(_value) || IsMaskOf(_value.Trim());

    /// <summary>
    /// The id of a KeyResource, where the value has the form of one: a UUID in the 36-character hyphenated form, any case.
    /// All else is a raw key, also what Guid.TryParseExact takes for a UUID: padding, and 0x or + in place of digits.
    /// </summary>
    /// <remarks>Not public, as Length is not: a logger that prints an object by its public members would print such a value whole.</remarks>
    internal Guid? AsKeyId =>
        Guid.TryParseExact(_value, "D", out var id) && string.Equals(id.ToString(), _value, StringComparison.OrdinalIgnoreCase) ? id : null;

    public static Secret? OrNull(string? value) => value is null ? null : new Secret(value);

    /// <summary>The value itself.</summary>
    public string Reveal() => _value;

    public override string ToString() => "...";

    private static bool IsMaskOf(string text) => IsHidden(text) || (text.Length > 4 && IsHidden(text[..^4]));

    private static bool IsHidden(string text) => text.Length >= (text.StartsWith('…') ? 1 : 3) && text.All(MaskMarks.Contains);

    /// <summary>Takes what a form posts; gives nothing back.</summary>
    private sealed class FromForm : TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

        public override bool CanConvertTo(ITypeDescriptorContext? context, Type? destinationType) => false;

        public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) => new Secret((string)value);
    }

    private sealed class NeverWritten : JsonConverter<Secret>
    {
        public override Secret? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String ? new Secret(reader.GetString()!) : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options) =>
            writer.WriteStringValue("...");
    }
}
