namespace KeyVaultApp.Domain;

/// <summary>What looks wrong with a legacy value, told without showing it. The numbers are stored and never move.</summary>
[Flags]
public enum HygieneFindings
{
    None = 0,

    /// <summary>Blanks or line breaks around it: they come from copying, and a provider refuses them.</summary>
    SurroundingBlanks = 1,

    /// <summary><c>Bearer </c> or <c>Token </c> in front: a header was copied, not a key.</summary>
    SchemePrefix = 2,

    /// <summary>Quotes around it.</summary>
    Quotes = 4,

    /// <summary>A word that stands for a key, such as <c>changeme</c>.</summary>
    Placeholder = 8,

    /// <summary>The shape of a provider whose keys are for other kinds.</summary>
    OtherKind = 16,

    /// <summary>A UUID that is no KeyResource and never was one.</summary>
    UnknownId = 32,

    /// <summary>Shorter than 12 characters.</summary>
    TooShort = 64,

    /// <summary>Longer than 512 characters.</summary>
    TooLong = 128,

    ControlCharacters = 256,

    /// <summary>The id of a KeyResource, or of one that was: agents reach it so, and no key can be made of it.</summary>
    NamesKey = 512,
}
