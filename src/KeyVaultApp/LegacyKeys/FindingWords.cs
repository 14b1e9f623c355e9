using KeyVaultApp.Domain;

namespace KeyVaultApp.LegacyKeys;

public static class FindingWords
{
    /// <summary>What looks wrong with a raw key, for people.</summary>
    public static string Of(HygieneFindings finding) => finding switch
    {
        HygieneFindings.SurroundingBlanks => "blanks or line breaks around it",
        HygieneFindings.SchemePrefix => "a scheme such as Bearer in front",
        HygieneFindings.Quotes => "quotes around it",
        HygieneFindings.Placeholder => "a word that stands for a key",
        HygieneFindings.OtherKind => "the shape of a key for another kind",
        HygieneFindings.UnknownId => "an id that is no key here",
        HygieneFindings.TooShort => "fewer than 12 characters",
        HygieneFindings.TooLong => "more than 512 characters",
        HygieneFindings.ControlCharacters => "characters that cannot be shown",
        _ => finding.ToString(),
    };
}
