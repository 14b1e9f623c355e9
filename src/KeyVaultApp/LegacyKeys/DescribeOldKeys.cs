using KeyVaultApp.Domain;
using KeyVaultApp.Encryption;

namespace KeyVaultApp.LegacyKeys;

/// <summary>
/// Tells of legacy values without showing them. A fleet has far fewer keys than slots, so what was found out about a value is
/// remembered for as long as the reading takes.
/// </summary>
internal sealed class DescribeOldKeys(Fingerprints fingerprints, Hygiene hygiene)
{
    /// <summary>Together a few megabytes at the most, however large the fleet.</summary>
    private const int MostRemembered = 10_000;

    private const int LongestRemembered = 256;

    private readonly Dictionary<(KeyKind Kind, string Value, bool Findings), LegacySlot> _known = [];

    public LegacySlots Agent(LegacyRow row, bool findings)
    {
        var slots = new Dictionary<KeyKind, LegacySlot>(KeyKinds.All.Count);
        foreach (var kind in KeyKinds.All)
            if (row.Value(kind) is { } value && !string.IsNullOrWhiteSpace(value))
                slots.Add(kind, Slot(kind, value, findings));
        return new LegacySlots(row.AgentId, slots);
    }

    private LegacySlot Slot(KeyKind kind, string text, bool findings)
    {
        if (_known.TryGetValue((kind, text, findings), out var known)) return known;
        var value = new Secret(text);
        var slot = new LegacySlot(value.AsKeyId, value.Last4, fingerprints.Of(kind, value), findings ? hygiene.Of(kind, value) : HygieneFindings.None);
        if (text.Length > LongestRemembered) return slot;
        if (_known.Count == MostRemembered) _known.Clear();
        _known.Add((kind, text, findings), slot);
        return slot;
    }
}
