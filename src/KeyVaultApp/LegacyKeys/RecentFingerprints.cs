using KeyVaultApp.Domain;
using KeyVaultApp.Encryption;

namespace KeyVaultApp.LegacyKeys;

/// <summary>
/// Fingerprints of the slots of many agents, which hold few different values: of those it met last it need not compute one twice.
/// It remembers values, so it lives no longer than the scope it belongs to, and never many.
/// </summary>
public sealed class RecentFingerprints(Fingerprints fingerprints)
{
    private const int Most = 20_000;

    private readonly Dictionary<(KeyKind Kind, string Value), string> _recent = [];

    public string Of(KeyKind kind, Secret value)
    {
        if (_recent.TryGetValue((kind, value.Reveal()), out var fingerprint)) return fingerprint;
        if (_recent.Count == Most) _recent.Clear();
        return _recent[(kind, value.Reveal())] = fingerprints.Of(kind, value);
    }
}
