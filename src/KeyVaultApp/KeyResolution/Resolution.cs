using KeyVaultApp.Domain;

namespace KeyVaultApp.KeyResolution;

/// <summary>From (agent, kind) to the actual key, with its source, or a named reason why not.</summary>
public abstract record Resolution
{
    /// <param name="Value">The bytes that are stored, untrimmed.</param>
    /// <param name="Key">The KeyResource it came from; null for a raw key.</param>
    public sealed record Found(Secret Value, KeySource Source, ResolvedKey? Key) : Resolution;

    public sealed record NotConfigured : Resolution;

    public sealed record Unavailable(UnavailableReason Reason, KeySource Source, Guid KeyId, string KeyName) : Resolution;
}

/// <param name="Version">Number of the value that is current.</param>
public sealed record ResolvedKey(Guid Id, string Name, int Version, string? Provider, string? Region);

/// <summary>What an agent's slots resolve to.</summary>
/// <param name="Phase">The phase in force.</param>
/// <param name="PhaseIsOwn">Whether the workspace has it of its own, and not from the installation.</param>
public sealed record AgentResolution(
    Guid AgentId, Guid WorkspaceId, RolloutPhase Phase, bool PhaseIsOwn, IReadOnlyDictionary<KeyKind, SlotResolution> Slots);

/// <param name="ReferenceSet">Whether the agent has a reference, in force or not.</param>
/// <param name="Legacy">What the old column holds; null where it holds nothing or was not read.</param>
public sealed record SlotResolution(Resolution Answer, bool ReferenceSet, LegacyForm? Legacy);

/// <summary>What an old column holds, by its form.</summary>
public enum LegacyForm
{
    RawKey,
    KeyId,
    UnknownUuid,
}
