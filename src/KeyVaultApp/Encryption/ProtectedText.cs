using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace KeyVaultApp.Encryption;

/// <summary>
/// Text that goes out into a form, or into a row that is no key, and comes back unchanged or not at all. It is sealed by Data
/// Protection, whose keys are wrapped by the master key.
/// </summary>
public sealed class ProtectedText(IDataProtectionProvider provider)
{
    /// <param name="purpose">What it is for and whose it is: text that was protected for anything else does not open.</param>
    public string Protect(string text, params string[] purpose) => provider.CreateProtector(purpose).Protect(text);

    /// <returns>The text; null where it was changed, or protected for something else.</returns>
    public string? Open(string? text, params string[] purpose)
    {
        if (string.IsNullOrEmpty(text)) return null;
        try
        {
            return provider.CreateProtector(purpose).Unprotect(text);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
