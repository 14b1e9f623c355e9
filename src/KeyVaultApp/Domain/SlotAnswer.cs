namespace KeyVaultApp.Domain;

/// <summary>Where an actual key came from.</summary>
public enum KeySource
{
    Reference,
    Legacy,
    LegacyReference,
}

/// <summary>Why a KeyResource does not give its value, in the order in which the reasons are looked for.</summary>
public enum UnavailableReason
{
    Deleted,
    WrongKind,
    Disabled,
    Expired,
    NotAssigned,
    Unreadable,
}

/// <summary>What resolution needs to know of a KeyResource that a slot names, in the workspace of the agent.</summary>
/// <param name="Assigned">To the workspace of the agent.</param>
public sealed record NamedKey(
    Guid Id, string Name, KeyKind Kind, bool Deleted, KeyStatus Status, DateTimeOffset? ExpiresAt, bool Assigned, string? Last4, string Fingerprint)
{
    /// <summary>A key of which only the id is known, or only the tombstone.</summary>
    public static NamedKey Gone(Guid id, KeyKind kind, string name) =>
        new(id, name, kind, Deleted: true, KeyStatus.Disabled, ExpiresAt: null, Assigned: false, Last4: null, Fingerprint: "");

    /// <summary>The first reason that holds. Whether the value also opens is known only to whoever opens it.</summary>
    public UnavailableReason? WhyNot(KeyKind slot, DateTimeOffset now) => this switch
    {
        { Deleted: true } => UnavailableReason.Deleted,
        _ when Kind != slot => UnavailableReason.WrongKind,
        { Status: KeyStatus.Disabled } => UnavailableReason.Disabled,
        _ when ExpiresAt <= now => UnavailableReason.Expired,
        { Assigned: false } => UnavailableReason.NotAssigned,
        _ => null,
    };
}

/// <summary>
/// The rules of resolution, without any value: from what a slot holds and the phase of its workspace to where the key
/// comes from, or why there is none. Every door that tells of a slot (resolver, agent pages, preflight) asks here.
/// </summary>
public abstract record SlotAnswer
{
    /// <summary>Nothing is configured for this slot.</summary>
    public sealed record NotConfigured : SlotAnswer;

    /// <summary>The raw key in the old column, byte for byte.</summary>
    public sealed record RawKey : SlotAnswer;

    /// <summary>The current value of this KeyResource.</summary>
    public sealed record Resource(KeySource Source, NamedKey Key) : SlotAnswer;

    /// <summary>The slot names a KeyResource that may not be used. Never a silent fallback to something else.</summary>
    public sealed record Unavailable(KeySource Source, NamedKey Key, UnavailableReason Reason) : SlotAnswer;

    /// <param name="legacyIsBlank">Whether the old column holds nothing, or only white space.</param>
    /// <param name="legacyKeyId">The old column's value where it has the form of a UUID.</param>
    /// <param name="known">Every KeyResource and tombstone that the reference or the old column may name.</param>
    public static SlotAnswer Of(
        KeyKind slot, RolloutPhase phase, Guid? reference, bool legacyIsBlank, Guid? legacyKeyId,
        Func<Guid, NamedKey?> known, DateTimeOffset now)
    {
        if (phase != RolloutPhase.DirectKeys && reference is { } id)
            return OfKey(KeySource.Reference, known(id) ?? NamedKey.Gone(id, slot, ""), slot, now);
        if (phase == RolloutPhase.ReferencesOnly || legacyIsBlank)
            return new NotConfigured();
        if (legacyKeyId is { } legacyId && known(legacyId) is { } key)
            return OfKey(KeySource.LegacyReference, key, slot, now);
        return new RawKey();
    }

    private static SlotAnswer OfKey(KeySource source, NamedKey key, KeyKind slot, DateTimeOffset now) =>
        key.WhyNot(slot, now) is { } reason ? new Unavailable(source, key, reason) : new Resource(source, key);
}
