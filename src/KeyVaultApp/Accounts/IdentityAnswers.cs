using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Identity;

namespace KeyVaultApp.Accounts;

/// <summary>Makes refusals of what ASP.NET Core Identity says. Its own texts repeat what was sent, so they are not passed on.</summary>
internal static class IdentityAnswers
{
    /// <exception cref="Refusal">Identity did not do it.</exception>
    public static void OrRefuse(this IdentityResult result)
    {
        if (result.Succeeded) return;
        throw result.Errors.First().Code switch
        {
            nameof(IdentityErrorDescriber.DuplicateUserName) or nameof(IdentityErrorDescriber.DuplicateEmail) => EmailTaken(),
            nameof(IdentityErrorDescriber.ConcurrencyFailure) => Refusal.StaleVersion(),
            var code => new InvalidOperationException($"Identity refused with {code}, which the rules of our forms should have caught."),
        };
    }

    public static Refusal EmailTaken() => Refusal.Taken("email", "There is a user with this e-mail address already (upper and lower case are the same here).");

    /// <exception cref="Refusal">There is no such user.</exception>
    public static async Task<User> FindUserAsync(this UserManager<User> users, string? email) =>
        (string.IsNullOrWhiteSpace(email) || !PrintableText.IsPrintable(email) ? null : await users.FindByEmailAsync(email)) ?? throw Refusal.NotFound("user");
}
