using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Workspaces;

public sealed class GetWorkspace(KeyVaultDb db)
{
    public async Task<WorkspaceRow> RunAsync(Guid id, Actor actor, CancellationToken ct)
    {
        var workspace = await db.Workspaces.AsNoTracking().WithinReach(actor).SingleOrDefaultAsync(workspace => workspace.Id == id, ct)
            ?? throw Refusal.NotFound("workspace");
        return WorkspaceRow.Of(workspace, await WorkspaceCounts.ReadAsync(db, [id], ct));
    }
}
