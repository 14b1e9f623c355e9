using System.Text;
using KeyVaultApp.Domain;
using KeyVaultApp.KeyTesting;

namespace KeyVaultApp.LegacyKeys;

/// <summary>Says what looks wrong with a legacy value. None of it keeps the value from being used: it is kept byte for byte.</summary>
public sealed class Hygiene(Providers providers)
{
    private const int LongestUsual = 512;

    private static readonly string[] Schemes = ["Bearer ", "Token "];
    private static readonly char[] QuoteMarks = ['"', '\'', '`', '“', '”', '‘', '’'];

    /// <summary>Compared without case, hyphens, underscores, blanks and angle brackets.</summary>
    private static readonly HashSet<string> Placeholders =
        ["changeme", "yourapikey", "yourapikeyhere", "yourkey", "yourkeyhere", "apikey", "key", "test", "testkey", "todo", "none", "null", "na", "placeholder", "example", "dummy", "secret", "password"];

    private readonly IReadOnlyList<Provider> _shaped = [.. providers.For(null).Where(provider => provider.Shape is not null)];

    public HygieneFindings Of(KeyKind kind, Secret value)
    {
        var text = value.Reveal();
        var bare = text.Trim();
        var findings = HygieneFindings.None;
        void Found(bool holds, HygieneFindings finding) => findings |= holds ? finding : HygieneFindings.None;

        Found(bare.Length != text.Length, HygieneFindings.SurroundingBlanks);
        Found(Schemes.Any(scheme => bare.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)), HygieneFindings.SchemePrefix);
        Found(bare.Length > 0 && (QuoteMarks.Contains(bare[0]) || QuoteMarks.Contains(bare[^1])), HygieneFindings.Quotes);
        Found(IsPlaceholder(bare), HygieneFindings.Placeholder);
        Found(IsOfOtherKind(kind, bare), HygieneFindings.OtherKind);
        Found(text.Length < Secret.ShortestWithLast4, HygieneFindings.TooShort);
        Found(text.Length > LongestUsual, HygieneFindings.TooLong);
        Found(!value.IsPrintable, HygieneFindings.ControlCharacters);
        return findings;
    }

    private static bool IsPlaceholder(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var character in text)
            if (character is not ('-' or '_' or ' ' or '<' or '>'))
                plain.Append(char.ToLowerInvariant(character));
        var word = plain.ToString();
        return Placeholders.Contains(word) || (word.Length > 0 && word.All(character => character is 'x' or '*' or '.'));
    }

    /// <summary>Some provider's keys look so, and none of those providers is for this kind.</summary>
    private bool IsOfOtherKind(KeyKind kind, string text)
    {
        var alike = _shaped.Where(provider => provider.Shape!.IsMatch(text)).ToList();
        return alike.Count > 0 && !alike.Exists(provider => provider.Kinds.Contains(kind));
    }
}
