using KeyVaultApp.Domain;

namespace KeyVaultApp.KeyAudit;

internal enum AuditedState
{
    Legacy,
    Reference,
    Empty,
    Broken,
}

/// <param name="Number">Its place among all workspaces, from 1.</param>
/// <param name="IsAsked">Whether the workbook is of it; others are looked at for keys that they hold as well.</param>
internal sealed record AuditedWorkspace(int Number, Guid Id, string Name, RolloutPhase Phase, bool IsAsked);

/// <summary>An agent as the workbook tells of it, with its slots in the order of <see cref="KeyKinds.All"/>.</summary>
internal sealed record AuditedAgent(AuditedWorkspace Workspace, string Name, string? ExternalId, IReadOnlyList<AuditedSlot> Slots);

/// <param name="Why">Of a broken slot.</param>
/// <param name="Key">The KeyResource that the slot resolves to; of a raw key the one that holds the same value, if there is one.</param>
/// <param name="Raw">What stands in the old column, where it is a key and not the id of one.</param>
/// <param name="RawKeys">The KeyResources that hold the same value.</param>
internal sealed record AuditedSlot(
    AuditedState State, UnavailableReason? Why, string? Last4, string? Fingerprint, string? Key, LegacySlot? Raw, SameValueKeys? RawKeys)
{
    public static readonly AuditedSlot Empty = new(AuditedState.Empty, null, null, null, null, null, null);
}

/// <summary>The KeyResources with one value, seen from a workspace.</summary>
/// <param name="Names">Those that the workspace may use first.</param>
/// <param name="IsAssigned">Whether the workspace may use one of them.</param>
internal sealed record SameValueKeys(string? Names, bool IsAssigned)
{
    public static readonly SameValueKeys None = new(null, false);
}
