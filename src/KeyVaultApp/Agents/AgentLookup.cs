using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Agents;

internal static class AgentLookup
{
    public static IQueryable<Agent> WithinReach(this IQueryable<Agent> agents, Actor actor) =>
        actor.Workspaces is { } ids ? agents.Where(agent => ids.Contains(agent.WorkspaceId)) : agents;

    public static async Task<Agent> FindAgentAsync(this KeyVaultDb db, Guid id, Actor actor, CancellationToken ct) =>
        await db.Agents.WithinReach(actor).SingleOrDefaultAsync(agent => agent.Id == id, ct) ?? throw Refusal.NotFound("agent");

    public static async Task SaveUniqueExternalIdAsync(this KeyVaultDb db, CancellationToken ct)
    {
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException exception) when (db.IsUniqueViolation(exception))
        {
            throw Refusal.Taken("external_id", "Another agent of this workspace has this external_id.");
        }
    }
}
