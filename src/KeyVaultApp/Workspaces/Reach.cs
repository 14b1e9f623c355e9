using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Workspaces;

/// <summary>What lies outside the caller's workspaces does not exist for them.</summary>
public static class Reach
{
    public static IQueryable<Workspace> WithinReach(this IQueryable<Workspace> workspaces, Actor actor) =>
        actor.Workspaces is { } ids ? workspaces.Where(workspace => ids.Contains(workspace.Id)) : workspaces;

    public static async Task<Workspace> FindWorkspaceAsync(this KeyVaultDb db, Guid id, Actor actor, CancellationToken ct) =>
        await db.Workspaces.WithinReach(actor).SingleOrDefaultAsync(workspace => workspace.Id == id, ct) ?? throw Refusal.NotFound("workspace");
}
