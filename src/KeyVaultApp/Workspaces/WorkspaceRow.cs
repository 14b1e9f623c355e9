using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Workspaces;

/// <summary>A workspace as every door shows it.</summary>
/// <param name="Phase">Its own phase; null follows the installation.</param>
public sealed record WorkspaceRow(
    Guid Id, string Name, RolloutPhase? Phase, int AgentCount, int KeyCount, int Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    internal static WorkspaceRow Of(Workspace workspace, WorkspaceCounts counts) => new(
        workspace.Id,
        workspace.Name,
        workspace.Phase,
        counts.Agents.GetValueOrDefault(workspace.Id),
        counts.Keys.GetValueOrDefault(workspace.Id),
        workspace.Version,
        workspace.CreatedAt,
        workspace.UpdatedAt);
}

/// <summary>How many agents and keys workspaces have: one grouped statement each, however many workspaces there are.</summary>
internal sealed record WorkspaceCounts(Dictionary<Guid, int> Agents, Dictionary<Guid, int> Keys)
{
    public static async Task<WorkspaceCounts> ReadAsync(KeyVaultDb db, Guid[] ids, CancellationToken ct) => ids is [] ? new([], []) : new(
        await CountAsync(db.Agents.Where(agent => ids.Contains(agent.WorkspaceId)).Select(agent => agent.WorkspaceId), ct),
        await CountAsync(db.KeyAssignments.Where(assignment => ids.Contains(assignment.WorkspaceId)).Select(assignment => assignment.WorkspaceId), ct));

    private static Task<Dictionary<Guid, int>> CountAsync(IQueryable<Guid> workspaces, CancellationToken ct) =>
        workspaces.GroupBy(id => id).Select(rows => new { rows.Key, Count = rows.Count() }).ToDictionaryAsync(row => row.Key, row => row.Count, ct);
}
