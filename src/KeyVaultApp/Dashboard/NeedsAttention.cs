using KeyVaultApp.Agents;
using KeyVaultApp.Domain;
using KeyVaultApp.Keys;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Dashboard;

/// <summary>What somebody should look at, counted in SQL.</summary>
public sealed class NeedsAttention(KeyVaultDb db, ILegacyKeys legacy, SlotStates states, TimeProvider clock)
{
    private const int WorkspacesNamed = 6;
    private static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    public sealed record Behind(Guid WorkspaceId, string Name, int OnRawKeys, int Agents);

    /// <param name="FurthestBehind">Workspaces with the most agents on raw keys first.</param>
    public sealed record Answer(
        int Agents, int OnRawKeys, int Broken, int Keys, int UnassignedKeys, int StoppedButUsedKeys, int ExpiringKeys, int RejectedKeys, IReadOnlyList<Behind> FurthestBehind);

    public async Task<Answer> RunAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var soon = now + Soon;
        var onRawKeys = await states.AgentsAsync(SlotState.Legacy, null, ct);
        var broken = await states.AgentsAsync(SlotState.Broken, null, ct);
        return new Answer(
            await db.Agents.CountAsync(ct),
            await onRawKeys.CountAsync(ct),
            await broken.CountAsync(ct),
            await db.Keys.CountAsync(ct),
            await db.Keys.CountAsync(key => !key.Assignments.Any(), ct),
            await db.Keys.StoppedInUse(db, legacy, now).CountAsync(ct),
            await db.Keys.CountAsync(key => key.ExpiresAt > now && key.ExpiresAt <= soon, ct),
            await db.Keys.CountAsync(key => key.LastTestOutcome == TestOutcome.Rejected, ct),
            await FurthestBehindAsync(onRawKeys, ct));
    }

    private async Task<IReadOnlyList<Behind>> FurthestBehindAsync(IQueryable<Guid> onRawKeys, CancellationToken ct)
    {
        var counts = await db.Agents.Where(agent => onRawKeys.Contains(agent.Id))
            .GroupBy(agent => agent.WorkspaceId).Select(agents => new { WorkspaceId = agents.Key, Count = agents.Count() })
            .OrderByDescending(workspace => workspace.Count).ThenBy(workspace => workspace.WorkspaceId)
            .Take(WorkspacesNamed).ToListAsync(ct);
        var ids = counts.Select(workspace => workspace.WorkspaceId).ToList();
        var named = await db.Workspaces.Where(workspace => ids.Contains(workspace.Id))
            .Select(workspace => new { workspace.Id, workspace.Name, Agents = db.Agents.Count(agent => agent.WorkspaceId == workspace.Id) })
            .ToDictionaryAsync(workspace => workspace.Id, ct);
        return [.. counts.Select(workspace => new Behind(workspace.WorkspaceId, named[workspace.WorkspaceId].Name, workspace.Count, named[workspace.WorkspaceId].Agents))];
    }
}
