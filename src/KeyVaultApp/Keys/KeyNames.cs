using FluentValidation;
using KeyVaultApp.Domain;
using KeyVaultApp.Web;

namespace KeyVaultApp.Keys;

/// <summary>The rules of a KeyResource's fields, for those who bring many at once and tell of each by its place.</summary>
public static class KeyNames
{
    private sealed record Fields(string? Name, string? Provider);

    private sealed class Validator : AbstractValidator<Fields>
    {
        public Validator()
        {
            RuleFor(fields => fields.Name).IsText(KeyResource.NameMaxLength);
            RuleFor(fields => fields.Provider).IsProvider();
        }
    }

    private static readonly Validator Rules = new();

    /// <returns>What is wrong with a name; null where it may be one.</returns>
    public static string? WhyNot(string name) => Message(new Fields(name, null));

    /// <returns>What is wrong with a provider; null where it may be one.</returns>
    public static string? WhyNotProvider(string provider) => Message(new Fields(null, provider));

    private static string? Message(Fields fields) => Rules.Validate(fields).Errors.FirstOrDefault()?.ErrorMessage;
}
