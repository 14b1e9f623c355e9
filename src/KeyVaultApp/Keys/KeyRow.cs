using System.Linq.Expressions;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;

namespace KeyVaultApp.Keys;

/// <summary>What a KeyResource can be used for right now.</summary>
public enum KeyState
{
    Active,
    Disabled,
    Expired,
}

/// <summary>The last time that the current value was tested, and by whom.</summary>
/// <param name="Asked">Method and host.</param>
public sealed record LastTest(TestOutcome Outcome, string Detail, string? Asked, int LatencyMs, DateTimeOffset At, string By);

/// <summary>A KeyResource as every door shows it. Never its value: not even its length.</summary>
/// <param name="Last4">The end of the current value; null where that is too short to show any.</param>
/// <param name="Fingerprint">64 hex digits; equal exactly where kind and value are equal.</param>
/// <param name="AgentCount">Agents that reference it, in any phase, or reach it through an old column.</param>
/// <param name="Version">Of this row, for the next change; not the number of its current value.</param>
/// <param name="LastTest">Null while the current value was never tested.</param>
public record KeyRow(
    Guid Id, string Name, KeyKind Kind, string? Provider, string? Region, string? Last4, string Fingerprint, KeyState Status, int CurrentVersion,
    IReadOnlyList<Guid> WorkspaceIds, int AgentCount, string? Notes, DateTimeOffset? ExpiresAt, int Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
    LastTest? LastTest)
{
    internal static Expression<Func<KeyResource, KeyRow>> From(KeyVaultDb db, ILegacyKeys legacy, DateTimeOffset now) => key => new KeyRow(
        key.Id,
        key.Name,
        key.Kind,
        key.Provider,
        key.Region,
        key.Last4,
        key.Fingerprint,
        key.Status == KeyStatus.Disabled ? KeyState.Disabled : key.ExpiresAt <= now ? KeyState.Expired : KeyState.Active,
        key.CurrentVersion,
        key.Assignments.Select(assignment => assignment.WorkspaceId).ToList(),
        db.Agents
            .Where(agent => agent.SelectedTtsKeyId == key.Id || agent.SelectedSttKeyId == key.Id || agent.SelectedElevenlabsKeyId == key.Id)
            .Select(agent => agent.Id)
            .Union(legacy.Rows
                .Where(row => row.TtsKeyRef == key.Id.ToString().ToLower() || row.SttKeyRef == key.Id.ToString().ToLower() || row.ElevenlabsKeyRef == key.Id.ToString().ToLower())
                .Select(row => row.AgentId))
            .Count(),
        key.Notes,
        key.ExpiresAt,
        key.Version,
        key.CreatedAt,
        key.UpdatedAt,
        key.LastTestOutcome == null ? null : new LastTest(
            key.LastTestOutcome.Value, key.LastTestDetail!, key.LastTestAsked, key.LastTestLatencyMs!.Value, key.LastTestAt!.Value, key.LastTestBy!));
}
