using System.ComponentModel;
using System.Globalization;
using FluentValidation;
using KeyVaultApp.Web;

namespace KeyVaultApp.Accounts;

/// <summary>A password as somebody typed it: hashed, then forgotten. Printing, logging and serialising it show nothing.</summary>
[TypeConverter(typeof(FromForm))]
public sealed class Password(string text)
{
    public const int MinLength = 12;
    public const int MaxLength = 256;

    internal string Text => text;

    public override string ToString() => "...";

    /// <summary>Takes what a form posts; gives nothing back.</summary>
    private sealed class FromForm : TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

        public override bool CanConvertTo(ITypeDescriptorContext? context, Type? destinationType) => false;

        public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) => new Password((string)value);
    }
}

internal static class PasswordRules
{
    /// <summary>Length is what counts (NIST SP 800-63B-4, 3.1.1.2); what no keyboard types again is refused.</summary>
    public static IRuleBuilderOptions<T, Password?> IsPassword<T>(this IRuleBuilder<T, Password?> rule) => rule
        .NotNull().WithMessage("{PropertyName} is missing.")
        .Must(password => password!.Text.Length >= Password.MinLength).WithMessage($"{{PropertyName}} is shorter than {Password.MinLength} characters.")
        .Must(password => password!.Text.Length <= Password.MaxLength).WithMessage($"{{PropertyName}} is longer than {Password.MaxLength} characters.")
        .Must(password => !string.IsNullOrWhiteSpace(password!.Text)).WithMessage("{PropertyName} is blank.")
        .Must(password => PrintableText.IsPrintable(password!.Text)).WithMessage("{PropertyName} has characters that cannot be shown.");
}
