using KeyVaultApp.Domain;
using KeyVaultApp.Encryption;

namespace KeyVaultApp.LegacyKeys;

/// <summary>Fingerprints of the slots of many agents.</summary>
public sealed class RecentFingerprints(Fingerprints fingerprints)
{
    private readonly RecentValues<string> _recent = new(fingerprints.Of);

    public string Of(KeyKind kind, Secret value) => _recent.Of(kind, value);
}
