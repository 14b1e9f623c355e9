using System.Text.Json;
using FluentValidation;

namespace KeyVaultApp.Web;

public static class Validation
{
    /// <summary>Every slice checks its own form, so that no door can pass it by. Fields are named as in the JSON body.</summary>
    public static void Check<T>(this IValidator<T> validator, T form)
    {
        var result = validator.Validate(form);
        if (!result.IsValid) throw Refusal.Invalid(result.Errors);
    }

    /// <summary>A name that people read: there, not blank, not too long, and visible.</summary>
    public static IRuleBuilderOptions<T, string?> IsName<T>(this IRuleBuilder<T, string?> rule, int maxLength) => rule
        .Must(text => !string.IsNullOrWhiteSpace(text)).WithMessage("{PropertyName} is missing.")
        .IsText(maxLength);

    /// <summary>A line of text that may be left out.</summary>
    public static IRuleBuilderOptions<T, string?> IsText<T>(this IRuleBuilder<T, string?> rule, int maxLength, bool severalLines = false) => rule
        .Must(text => text is null || text.Length <= maxLength).WithMessage($"{{PropertyName}} is longer than {maxLength} characters.")
        .Must(text => text is null || PrintableText.IsPrintable(text, severalLines)).WithMessage("{PropertyName} has characters that cannot be shown.");

    /// <summary>The version that the caller has seen.</summary>
    public static IRuleBuilderOptions<T, int?> IsVersion<T>(this IRuleBuilder<T, int?> rule) => rule
        .NotNull().WithMessage("{PropertyName} is missing: send the version that you loaded.");

    /// <summary>An id that has to be there.</summary>
    public static IRuleBuilderOptions<T, Guid?> IsGiven<T>(this IRuleBuilder<T, Guid?> rule) => rule
        .NotNull().WithMessage("{PropertyName} is missing.");

    /// <summary>What a form calls blank is nothing at all.</summary>
    public static string? NullIfBlank(this string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    /// <summary>Names of fields and wording, once for the process.</summary>
    internal static void Configure()
    {
        ValidatorOptions.Global.PropertyNameResolver = (_, member, _) => Name(member);
        ValidatorOptions.Global.DisplayNameResolver = (_, member, _) => Name(member);
        ValidatorOptions.Global.DefaultRuleLevelCascadeMode = CascadeMode.Stop;
        ValidatorOptions.Global.LanguageManager.Enabled = false;
    }

    private static string? Name(System.Reflection.MemberInfo? member) => member is null ? null : JsonNamingPolicy.SnakeCaseLower.ConvertName(member.Name);
}
