using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Rollout;

/// <summary>Every workspace with the phase it is in, its own or the installation's.</summary>
public sealed class ListPhases(KeyVaultDb db)
{
    /// <param name="Own">Null follows the installation.</param>
    public sealed record Row(Guid Id, string Name, RolloutPhase? Own, int AgentCount);

    private static readonly Sorting<Workspace> Sorting = new("name", ("name", workspace => workspace.NormalizedName), ("phase", workspace => workspace.Phase));

    public Task<Page<Row>> RunAsync(ListQuery list, CancellationToken ct)
    {
        var workspaces = db.Workspaces.AsNoTracking();
        if (list.Needle is { } needle)
        {
            var normalized = Text.Normalize(needle);
            workspaces = workspaces.Where(workspace => workspace.NormalizedName.Contains(normalized));
        }

        return Sorting.Apply(workspaces, list.Sort, workspace => workspace.Id)
            .Select(workspace => new Row(workspace.Id, workspace.Name, workspace.Phase, db.Agents.Count(agent => agent.WorkspaceId == workspace.Id)))
            .ToPageAsync(list, ct);
    }

    public async Task<Row> OneAsync(Guid id, CancellationToken ct) => await db.Workspaces.AsNoTracking()
        .Where(workspace => workspace.Id == id)
        .Select(workspace => new Row(workspace.Id, workspace.Name, workspace.Phase, db.Agents.Count(agent => agent.WorkspaceId == workspace.Id)))
        .SingleOrDefaultAsync(ct) ?? throw Refusal.NotFound("workspace");
}
