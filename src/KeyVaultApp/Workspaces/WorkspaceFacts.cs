using KeyVaultApp.Domain;
using KeyVaultApp.Rollout;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Workspaces;

/// <summary>What a page tells of workspaces beside their rows: three queries, however many there are.</summary>
public sealed class WorkspaceFacts(KeyVaultDb db, Phases phases)
{
    /// <param name="Phase">In force: its own, or the installation's.</param>
    /// <param name="References">Slots of its agents that name a KeyResource, in whichever phase.</param>
    public sealed record Row(WorkspaceRow Workspace, RolloutPhase Phase, IReadOnlyDictionary<KeyKind, int> Keys, int References);

    public async Task<IReadOnlyList<Row>> OfAsync(IReadOnlyList<WorkspaceRow> workspaces, CancellationToken ct)
    {
        var ids = workspaces.Select(workspace => workspace.Id).ToList();
        var installation = await phases.OfInstallationAsync(ct);
        var keys = await (
            from assignment in db.KeyAssignments
            where ids.Contains(assignment.WorkspaceId)
            join key in db.Keys on assignment.KeyId equals key.Id
            group key by new { assignment.WorkspaceId, key.Kind } into kinds
            select new { kinds.Key.WorkspaceId, kinds.Key.Kind, Count = kinds.Count() }).ToListAsync(ct);
        var references = await db.Agents
            .Where(agent => ids.Contains(agent.WorkspaceId))
            .GroupBy(agent => agent.WorkspaceId)
            .Select(agents => new
            {
                Workspace = agents.Key,
                Count = agents.Count(agent => agent.SelectedTtsKeyId != null) + agents.Count(agent => agent.SelectedSttKeyId != null)
                    + agents.Count(agent => agent.SelectedElevenlabsKeyId != null),
            })
            .ToDictionaryAsync(row => row.Workspace, row => row.Count, ct);
        var byWorkspace = keys.ToLookup(row => row.WorkspaceId);
        return [.. workspaces.Select(workspace => new Row(
            workspace,
            workspace.Phase ?? installation,
            byWorkspace[workspace.Id].ToDictionary(row => row.Kind, row => row.Count),
            references.GetValueOrDefault(workspace.Id)))];
    }
}
