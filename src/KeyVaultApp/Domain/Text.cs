using System.Text;

namespace KeyVaultApp.Domain;

public static class Text
{
    /// <summary>The form in which names are compared: case and the way accents are composed do not make two names different.</summary>
    public static string Normalize(string name) => name.Normalize(NormalizationForm.FormC).ToUpperInvariant();
}
