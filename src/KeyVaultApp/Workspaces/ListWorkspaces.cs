using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Workspaces;

public sealed class ListWorkspaces(KeyVaultDb db)
{
    private static readonly Sorting<Workspace> Sorting = new(
        "name",
        ("name", workspace => workspace.NormalizedName),
        ("created_at", workspace => workspace.CreatedAt),
        ("updated_at", workspace => workspace.UpdatedAt));

    public async Task<Page<WorkspaceRow>> RunAsync(ListQuery list, Actor actor, CancellationToken ct)
    {
        var rows = db.Workspaces.AsNoTracking().WithinReach(actor);
        if (list.Needle is { } needle)
        {
            var normalized = Text.Normalize(needle);
            rows = rows.Where(workspace => workspace.NormalizedName.Contains(normalized));
        }

        var page = await Sorting.Apply(rows, list.Sort, workspace => workspace.Id).ToPageAsync(list, ct);
        var counts = await WorkspaceCounts.ReadAsync(db, [.. page.Items.Select(workspace => workspace.Id)], ct);
        return new Page<WorkspaceRow>([.. page.Items.Select(workspace => WorkspaceRow.Of(workspace, counts))], page.Total, page.Number, page.PageSize);
    }
}
