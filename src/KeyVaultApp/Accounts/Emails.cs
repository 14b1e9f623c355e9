using System.Text;
using FluentValidation;
using KeyVaultApp.Domain;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Identity;

namespace KeyVaultApp.Accounts;

/// <summary>An e-mail address is what somebody signs in with. Case and blanks around it make no other address of it.</summary>
internal static class Emails
{
    /// <summary>RFC 5321, 4.5.3.1.3: 256 with the angle brackets.</summary>
    public const int MaxLength = 254;

    /// <summary>As it is stored and shown.</summary>
    public static string Clean(string email) => email.Trim().Normalize(NormalizationForm.FormC);

    /// <summary>Something that can be told apart and written to. Whether anybody reads it there is not for us to find out.</summary>
    public static IRuleBuilderOptions<T, string?> IsEmail<T>(this IRuleBuilder<T, string?> rule) => rule
        .IsName(MaxLength)
        .Must(email => IsAddress(Clean(email!))).WithMessage("{PropertyName} is not an e-mail address.");

    private static bool IsAddress(string email) =>
        email.Length <= MaxLength && email.Split('@') is [{ Length: > 0 }, { Length: > 0 }] && !email.Any(char.IsWhiteSpace);

    /// <summary>Whoever looks a user up (also at sign-in, also for the lockout) compares in this form.</summary>
    internal sealed class Normalizer : ILookupNormalizer
    {
        public string? NormalizeName(string? name) => name is null ? null : Text.Normalize(name.Trim());

        public string? NormalizeEmail(string? email) => NormalizeName(email);
    }
}
