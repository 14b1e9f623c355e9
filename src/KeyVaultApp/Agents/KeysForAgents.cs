using KeyVaultApp.Domain;
using KeyVaultApp.Rollout;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Agents;

/// <summary>What several agents can pick together: the usable keys that all their workspaces have.</summary>
public sealed class KeysForAgents(KeyVaultDb db, AgentRows rows, Phases phases, TimeProvider clock)
{
    public sealed record Choice(Guid Id, KeyKind Kind, string Text);

    /// <param name="InDirectKeys">Workspaces among theirs in which references are ignored still.</param>
    public sealed record Answer(IReadOnlyList<AgentRow> Agents, IReadOnlyList<Choice> Keys, IReadOnlyList<string> InDirectKeys);

    public async Task<Answer> RunAsync(IReadOnlyList<Guid> agentIds, Actor actor, CancellationToken ct)
    {
        var agents = await db.Agents.AsNoTracking().WithinReach(actor).Include(agent => agent.Workspace)
            .Where(agent => agentIds.Contains(agent.Id)).OrderBy(agent => agent.NormalizedName).ThenBy(agent => agent.Id).ToListAsync(ct);
        if (agents.Count == 0) return new Answer([], [], []);

        var workspaces = agents.Select(agent => agent.Workspace).DistinctBy(workspace => workspace.Id).ToList();
        var (ids, now, installation) = (workspaces.Select(workspace => workspace.Id).ToList(), clock.GetUtcNow(), await phases.OfInstallationAsync(ct));
        var keys = await db.Keys.AsNoTracking()
            .Where(key => key.Status == KeyStatus.Active && !(key.ExpiresAt <= now) && key.Assignments.Count(assignment => ids.Contains(assignment.WorkspaceId)) == ids.Count)
            .OrderBy(key => key.NormalizedName).ThenBy(key => key.Id)
            .Select(key => new { key.Id, key.Kind, key.Name, key.Provider, key.Last4 })
            .ToListAsync(ct);
        return new Answer(
            await rows.OfAsync(agents, ct),
            [.. keys.Select(key => new Choice(key.Id, key.Kind, new KeyChoice(key.Id, key.Name, key.Provider, key.Last4, null).Text))],
            [.. workspaces.Where(workspace => (workspace.Phase ?? installation) == RolloutPhase.DirectKeys).Select(workspace => workspace.Name)]);
    }
}
