using System.Text.RegularExpressions;
using FluentValidation;
using KeyVaultApp.Domain;

namespace KeyVaultApp.Keys;

/// <summary>What the fields of a KeyResource may be, whichever form they come in.</summary>
internal static partial class KeyRules
{
    public const int MostWorkspaces = 10_000;

    /// <summary>As many as one page of the list can show: that is what people tick.</summary>
    public const int MostKeysAtOnce = 200;

    public static IRuleBuilderOptions<T, string?> IsProvider<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(provider => provider is null || Provider().IsMatch(provider))
        .WithMessage("{PropertyName} is a word of small letters, digits and hyphens, such as azure-speech.");

    public static IRuleBuilderOptions<T, string?> IsRegion<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(region => region is null || Region().IsMatch(region))
        .WithMessage("{PropertyName} is 2 to 32 small letters and digits, such as westeurope.");

    /// <summary>
    /// A value goes into an HTTP header of its provider as it is, so it is visible ASCII (RFC 9110, section 5.5), with no
    /// blanks at the ends: they come from copying and make a good key fail.
    /// </summary>
    public static IRuleBuilderOptions<T, Secret?> IsValue<T>(this IRuleBuilder<T, Secret?> rule) => rule
        .Must(value => value is { IsBlank: false }).WithMessage("{PropertyName} is missing.")
        .Must(value => value!.Length <= KeyResource.ValueMaxLength).WithMessage($"{{PropertyName}} is longer than {KeyResource.ValueMaxLength} characters.")
        .Must(value => !value!.IsMask).WithMessage("{PropertyName} is the masked form of a key. Paste the key itself.")
        .Must(value => value!.IsHeaderText).WithMessage("{PropertyName} must be plain ASCII, without blanks around it or line breaks in it. Copy it again from the provider.");

    public static IRuleBuilderOptions<T, IReadOnlyList<Guid>?> AreWorkspaces<T>(this IRuleBuilder<T, IReadOnlyList<Guid>?> rule) => rule
        .Must(ids => ids is null || ids.Count <= MostWorkspaces).WithMessage($"{{PropertyName}} has more than {MostWorkspaces} entries.");

    public static IRuleBuilderOptions<T, IReadOnlyList<Guid>?> AreKeys<T>(this IRuleBuilder<T, IReadOnlyList<Guid>?> rule) => rule
        .Must(ids => ids is { Count: > 0 }).WithMessage("Tick at least one key.")
        .Must(ids => ids!.Count <= MostKeysAtOnce).WithMessage($"{{PropertyName}} has more than {MostKeysAtOnce} entries.");

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,49}\\z", RegexOptions.None, matchTimeoutMilliseconds: 100)]
    private static partial Regex Provider();

    [GeneratedRegex("^[a-z0-9]{2,32}\\z", RegexOptions.None, matchTimeoutMilliseconds: 100)]
    private static partial Regex Region();
}
