using KeyVaultApp.Domain;

namespace KeyVaultApp.Rollout;

/// <summary>An agent that would get another answer after a switch.</summary>
/// <param name="Kinds">Of the slots that change.</param>
public sealed record ChangedAgent(Guid Id, string Name, Guid WorkspaceId, string WorkspaceName, IReadOnlyList<KeyKind> Kinds, IReadOnlyList<ChangedSlot> Slots);

public sealed record ChangedSlot(KeyKind Kind, ChangeReason Reason, ToldAnswer Before, ToldAnswer After);

/// <summary>Why a slot would get another answer.</summary>
public enum ChangeReason
{
    /// <summary>The reference comes into force and does not resolve; the answer after says why.</summary>
    ReferenceUnavailable,

    /// <summary>The reference comes into force and is another key than today.</summary>
    OtherValue,

    /// <summary>Old columns are not read any more, and there is no reference.</summary>
    NoReference,

    /// <summary>The old column comes into force and is empty: the agent was made after the switch.</summary>
    NoLegacyValue,

    /// <summary>The old column comes into force with a value that the referenced key had before it was replaced.</summary>
    ReplacedSince,

    /// <summary>The old column comes into force with a value that the referenced key never had.</summary>
    OtherKeyPicked,

    /// <summary>The old column comes into force with the id of a key that does not resolve.</summary>
    LegacyUnavailable,

    /// <summary>There is no key today, and would be one.</summary>
    WouldResolve,
}

/// <summary>What a slot resolves to, told without a value.</summary>
/// <param name="Code"><c>not_configured</c> or <c>key_unavailable</c>; null where there is a key.</param>
/// <param name="Last4">Of the value; null where there is none, or it is too short to show any.</param>
public sealed record ToldAnswer(KeySource? Source, Guid? KeyId, string? KeyName, string? Last4, string? Code, UnavailableReason? Reason)
{
    public static ToldAnswer Of(SlotAnswer answer, LegacySlot? old) => answer switch
    {
        SlotAnswer.RawKey => new ToldAnswer(KeySource.Legacy, null, null, old!.Last4, null, null),
        SlotAnswer.Resource(var source, var key) => new ToldAnswer(source, key.Id, key.Name, key.Last4, null, null),
        SlotAnswer.Unavailable(var source, var key, var reason) => new ToldAnswer(source, key.Id, key.Name, null, "key_unavailable", reason),
        _ => new ToldAnswer(null, null, null, null, "not_configured", null),
    };
}
