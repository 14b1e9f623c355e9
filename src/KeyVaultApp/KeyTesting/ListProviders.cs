using KeyVaultApp.Domain;
using KeyVaultApp.Keys;
using KeyVaultApp.Web;

namespace KeyVaultApp.KeyTesting;

/// <summary>What a form offers for a kind. Every other provider may be named too; its keys are saved untested.</summary>
public sealed class ListProviders(Providers providers)
{
    public sealed record Answer(IReadOnlyList<KeyProvider> Providers);

    public Answer Run(string? kind) =>
        new([.. providers.For(Fields.Word<KeyKind>(kind, "kind")).Select(provider => new KeyProvider(provider.Name, provider.Title, provider.Kinds, provider.NeedsRegion))]);
}
