using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Rollout;

/// <summary>A switch that somebody thinks of: where, from which phase in force, to which.</summary>
/// <param name="WorkspaceId">Null for the installation.</param>
/// <param name="Own">What is set there now; null follows the installation.</param>
public sealed record PhaseSwitch(Guid? WorkspaceId, RolloutPhase? Own, RolloutPhase Before, RolloutPhase After)
{
    /// <summary>The workspaces whose phase in force would be another one.</summary>
    public IQueryable<Workspace> Workspaces(KeyVaultDb db) => WorkspaceId is { } id
        ? db.Workspaces.Where(workspace => workspace.Id == id)
        : db.Workspaces.Where(workspace => workspace.Phase == null);
}

public sealed class PhaseSwitches(KeyVaultDb db, ILegacyKeys legacy)
{
    /// <param name="phase">Null, with a workspace, follows the installation again.</param>
    public async Task<PhaseSwitch> ReadAsync(RolloutPhase? phase, Guid? workspaceId, CancellationToken ct)
    {
        if (phase is null && workspaceId is null)
            throw Refusal.Invalid("phase", "phase is missing: direct_keys, references_with_fallback or references_only.");

        var installation = await db.Rollout.AsNoTracking().Select(rollout => rollout.Phase).SingleAsync(ct);
        var own = workspaceId is { } id ? await OwnAsync(id, ct) : installation;
        var change = new PhaseSwitch(workspaceId, own, own ?? installation, phase ?? installation);
        if (change.After != RolloutPhase.ReferencesOnly && !legacy.Exist)
            throw Refusal.Conflict("legacy_absent", "The old columns are gone, so references_only is the only phase left.");
        return change;
    }

    private async Task<RolloutPhase?> OwnAsync(Guid workspaceId, CancellationToken ct)
    {
        var found = await db.Workspaces.AsNoTracking().Where(workspace => workspace.Id == workspaceId).Select(workspace => new { workspace.Phase }).SingleOrDefaultAsync(ct);
        return found is null ? throw Refusal.UnknownIn("workspace_id", "There is no such workspace.") : found.Phase;
    }
}
