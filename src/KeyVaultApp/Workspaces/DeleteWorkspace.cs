using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Workspaces;

/// <summary>Only an empty workspace goes. Its assignments go with it, and nobody loses a key by that.</summary>
public sealed class DeleteWorkspace(KeyVaultDb db, ActivityLog activity)
{
    public async Task RunAsync(Guid id, Actor actor, CancellationToken ct)
    {
        var workspace = await db.FindWorkspaceAsync(id, actor, ct);
        var agents = await db.Agents.CountAsync(agent => agent.WorkspaceId == id, ct);
        if (agents > 0) throw NotEmpty(agents);

        db.Workspaces.Remove(workspace);
        activity.Record(actor, Actions.WorkspaceDeleted, Target.Of(workspace), before: new { workspace.Name });
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException exception) when (db.IsForeignKeyViolation(exception))
        {
            throw NotEmpty(await db.Agents.CountAsync(agent => agent.WorkspaceId == id, ct));
        }
    }

    private static Refusal NotEmpty(int agents) => new(
        RefusalKind.Conflict, "workspace_not_empty", "The workspace still has agents. Delete them first.")
    {
        Facts = new Dictionary<string, object?> { ["total"] = agents },
    };
}
