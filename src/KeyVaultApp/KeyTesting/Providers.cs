using System.Diagnostics.CodeAnalysis;
using KeyVaultApp.Domain;

namespace KeyVaultApp.KeyTesting;

/// <summary>The providers of this installation. Adding one is a matter of settings.</summary>
public sealed class Providers
{
    private readonly Dictionary<string, Provider> _byName;

    private Providers(IEnumerable<Provider> providers) => _byName = providers.ToDictionary(provider => provider.Name);

    /// <exception cref="Storage.ConfigurationException">A setting of a provider cannot be used.</exception>
    public static Providers From(IConfiguration configuration) =>
        new(configuration.GetSection("Providers").GetChildren().Select(ProviderSettings.Read).OfType<Provider>());

    public bool TryFind(string? name, [NotNullWhen(true)] out Provider? provider)
    {
        provider = null;
        return name is not null && _byName.TryGetValue(name, out provider);
    }

    /// <summary>By title, as a form offers them; all of them where no kind is named.</summary>
    public IEnumerable<Provider> For(KeyKind? kind) =>
        _byName.Values.Where(provider => kind is null || provider.Kinds.Contains(kind.Value)).OrderBy(provider => provider.Title, StringComparer.OrdinalIgnoreCase);
}
