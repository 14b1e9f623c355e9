using KeyVaultApp.Domain;

namespace KeyVaultApp.KeyAudit;

/// <summary>What looks wrong with a key, as people read it.</summary>
internal static class FindingWords
{
    private static readonly IReadOnlyList<(HygieneFindings Finding, string Words)> Words =
    [
        (HygieneFindings.SurroundingBlanks, "blanks around it"),
        (HygieneFindings.SchemePrefix, "begins with Bearer or Token"),
        (HygieneFindings.Quotes, "quotes around it"),
        (HygieneFindings.Placeholder, "a placeholder, not a key"),
        (HygieneFindings.OtherKind, "looks like a key of another kind"),
        (HygieneFindings.UnknownId, "a UUID that is no key resource"),
        (HygieneFindings.TooShort, "shorter than 12 characters"),
        (HygieneFindings.TooLong, "longer than 512 characters"),
        (HygieneFindings.ControlCharacters, "control characters in it"),
    ];

    public static string Of(HygieneFindings findings) => string.Join("; ", Words.Where(one => findings.HasFlag(one.Finding)).Select(one => one.Words));
}
