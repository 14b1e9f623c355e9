using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Keys;

/// <summary>Every workspace, with whether the key may be used there and by how many agents it is.</summary>
public sealed class WorkspacesOfKey(KeyVaultDb db, KeyUse use)
{
    public sealed record Filter([property: FromQuery(Name = "assigned")] bool? Assigned = null);

    public sealed record Row(Guid Id, string Name, bool IsAssigned, int AgentCount);

    private static readonly Sorting<Workspace> Sorting = new("name", ("name", workspace => workspace.NormalizedName));

    public Task<Page<Row>> RunAsync(Guid id, ListQuery list, Filter filter, CancellationToken ct)
    {
        var users = use.Of(id);
        var workspaces = db.Workspaces.AsNoTracking();
        if (list.Needle is { } needle)
        {
            var normalized = Text.Normalize(needle);
            workspaces = workspaces.Where(workspace => workspace.NormalizedName.Contains(normalized));
        }

        if (filter.Assigned is { } assigned)
            workspaces = workspaces.Where(workspace => db.KeyAssignments.Any(row => row.KeyId == id && row.WorkspaceId == workspace.Id) == assigned);
        return Sorting.Apply(workspaces, list.Sort, workspace => workspace.Id)
            .Select(workspace => new Row(
                workspace.Id,
                workspace.Name,
                db.KeyAssignments.Any(row => row.KeyId == id && row.WorkspaceId == workspace.Id),
                users.Count(agent => agent.WorkspaceId == workspace.Id)))
            .ToPageAsync(list, ct);
    }
}
