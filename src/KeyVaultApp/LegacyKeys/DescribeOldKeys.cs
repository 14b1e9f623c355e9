using KeyVaultApp.Domain;
using KeyVaultApp.Encryption;

namespace KeyVaultApp.LegacyKeys;

/// <summary>Tells of legacy values without showing them.</summary>
internal sealed class DescribeOldKeys(Fingerprints fingerprints, Hygiene hygiene)
{
    private readonly RecentValues<LegacySlot> _plain = new((kind, value) => new(value.AsKeyId, value.Last4, fingerprints.Of(kind, value), HygieneFindings.None));

    private readonly RecentValues<LegacySlot> _withFindings = new((kind, value) => new(value.AsKeyId, value.Last4, fingerprints.Of(kind, value), hygiene.Of(kind, value)));

    public LegacySlots Agent(LegacyRow row, bool findings)
    {
        var slots = new Dictionary<KeyKind, LegacySlot>(KeyKinds.All.Count);
        foreach (var kind in KeyKinds.All)
            if (Secret.OrNull(row.Value(kind)) is { IsBlank: false } value)
                slots.Add(kind, (findings ? _withFindings : _plain).Of(kind, value));
        return new LegacySlots(row.AgentId, slots);
    }
}
