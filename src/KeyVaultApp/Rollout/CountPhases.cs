using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Rollout;

/// <summary>How many workspaces are in each phase, their own or else the installation's.</summary>
public sealed class CountPhases(KeyVaultDb db, Phases phases)
{
    /// <param name="Apart">Workspaces in another phase than the installation.</param>
    /// <param name="WithAgents">Of the workspaces that have agents, how many are in each phase.</param>
    public sealed record Answer(RolloutPhase Installation, int Apart, IReadOnlyDictionary<RolloutPhase, int> WithAgents)
    {
        public int AllWithAgents => WithAgents.Values.Sum();

        public int In(RolloutPhase phase) => WithAgents.GetValueOrDefault(phase);
    }

    public async Task<Answer> RunAsync(CancellationToken ct)
    {
        var installation = await phases.OfInstallationAsync(ct);
        var apart = await db.Workspaces.CountAsync(workspace => workspace.Phase != null && workspace.Phase != installation, ct);
        var own = await db.Workspaces.Where(workspace => db.Agents.Any(agent => agent.WorkspaceId == workspace.Id))
            .GroupBy(workspace => workspace.Phase).Select(workspaces => new { Own = workspaces.Key, Count = workspaces.Count() }).ToListAsync(ct);
        return new Answer(installation, apart, own.GroupBy(row => row.Own ?? installation, row => row.Count).ToDictionary(phase => phase.Key, phase => phase.Sum()));
    }
}
