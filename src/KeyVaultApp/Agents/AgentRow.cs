using KeyVaultApp.Domain;

namespace KeyVaultApp.Agents;

/// <summary>Where a slot's key comes from in the phase of its workspace.</summary>
public enum SlotState
{
    None,
    Legacy,
    Reference,
    Broken,
}

/// <param name="KeyId">The KeyResource that is named, by reference or by a UUID in the old column.</param>
/// <param name="Last4">Of the value in force; null where it is too short to show any, or there is none.</param>
/// <param name="Reason">Why a broken slot does not resolve.</param>
public sealed record SlotRow(SlotState State, Guid? KeyId = null, string? KeyName = null, string? Last4 = null, UnavailableReason? Reason = null);

/// <summary>An agent as every door shows it. Never a value.</summary>
public sealed record AgentRow(
    Guid Id, Guid WorkspaceId, string WorkspaceName, string Name, string? ExternalId, int Version,
    Guid? SelectedTtsKeyId, Guid? SelectedSttKeyId, Guid? SelectedElevenlabsKeyId,
    IReadOnlyDictionary<string, SlotRow> Slots, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    internal Guid? Reference(KeyKind kind) => kind switch
    {
        KeyKind.Tts => SelectedTtsKeyId,
        KeyKind.Stt => SelectedSttKeyId,
        _ => SelectedElevenlabsKeyId,
    };
}
