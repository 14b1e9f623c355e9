using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys;

/// <summary>
/// Links the agents that hold the same raw key in a slot without a reference. The database compares bytes and length with the
/// one value, in the statement that links: an agent that is edited meanwhile is left alone. Workspaces in references_only are
/// left out, since there the agent would get an answer that it does not have now.
/// </summary>
public sealed class LinkAgents(KeyVaultDb db)
{
    public async Task<(int InWorkspace, int InAll, int Workspaces)> CountAsync(OfferKey.Answer offer, Secret value, CancellationToken ct)
    {
        var counts = await Holding(offer, value).GroupBy(agent => agent.WorkspaceId).Select(group => new { Id = group.Key, Agents = group.Count() }).ToListAsync(ct);
        return (counts.Where(count => count.Id == offer.WorkspaceId).Sum(count => count.Agents), counts.Sum(count => count.Agents), counts.Count);
    }

    /// <summary>The workspaces whose agents would be linked.</summary>
    public async Task<IReadOnlyList<Guid>> WorkspacesAsync(OfferKey.Answer offer, Secret value, LinkScope scope, CancellationToken ct) =>
        scope == LinkScope.AllWorkspaces ? await Holding(offer, value).Select(agent => agent.WorkspaceId).Distinct().ToListAsync(ct) : [offer.WorkspaceId];

    /// <returns>How many agents were linked.</returns>
    public async Task<int> RunAsync(OfferKey.Answer offer, Secret value, LinkScope scope, Guid keyId, DateTimeOffset now, CancellationToken ct)
    {
        var (bound, id) = scope switch
        {
            LinkScope.ThisAgent => ("agents.id = {3}", offer.AgentId),
            LinkScope.Workspace => ("agents.workspace_id = {3}", offer.WorkspaceId),
            _ => ("{3} IS NOT NULL", offer.WorkspaceId),
        };
        var linked = await db.Database.ExecuteSqlRawAsync(
            $$"""
            UPDATE agents SET {{offer.Kind.ReferenceColumn()}} = {1}, version = version + 1, updated_at = {2}
            WHERE {{bound}} AND {{Holds(offer.Kind)}}
                AND EXISTS (SELECT 1 FROM api_key_assignments x WHERE x.key_id = {1} AND x.workspace_id = agents.workspace_id)
                AND EXISTS (SELECT 1 FROM workspaces w WHERE w.id = agents.workspace_id AND COALESCE(w.phase, {{(int)offer.Installation}}) <> {{(int)RolloutPhase.ReferencesOnly}})
            """,
            [value.Reveal(), keyId, now.UtcDateTime, id], ct);
        var reference = await db.Agents.AsNoTracking().SingleOrDefaultAsync(agent => agent.Id == offer.AgentId, ct);
        return reference?.Reference(offer.Kind) == keyId ? linked : throw Refusal.Conflict("changed_meanwhile", "Somebody changed this agent meanwhile. Load it again.");
    }

    private IQueryable<Agent> Holding(OfferKey.Answer offer, Secret value)
    {
        var ids = db.Database.SqlQueryRaw<Guid>($"SELECT id AS \"Value\" FROM agents WHERE {Holds(offer.Kind)}", value.Reveal());
        return db.Agents.Where(agent => ids.Contains(agent.Id) && (agent.Workspace.Phase ?? offer.Installation) != RolloutPhase.ReferencesOnly);
    }

    private string Holds(KeyKind kind) => $"agents.{kind.ReferenceColumn()} IS NULL AND {db.SameText($"agents.{kind.Column()}", "{0}")}";
}
