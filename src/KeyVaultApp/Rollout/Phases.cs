using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Rollout;

/// <summary>The phase in force: the workspace's own, or else the installation's.</summary>
public sealed class Phases(KeyVaultDb db)
{
    public Task<RolloutPhase> OfInstallationAsync(CancellationToken ct) => db.Rollout.Select(rollout => rollout.Phase).SingleAsync(ct);

    public async Task<RolloutPhase> OfWorkspaceAsync(Guid workspaceId, CancellationToken ct)
    {
        var own = await db.Workspaces.Where(workspace => workspace.Id == workspaceId).Select(workspace => workspace.Phase).SingleOrDefaultAsync(ct);
        return own ?? await OfInstallationAsync(ct);
    }

    /// <summary>
    /// The phase in force, which nobody switches until the end of the transaction. Any number of edits may hold it at once, and
    /// whoever takes it waits for them.
    /// </summary>
    public async Task<RolloutPhase> HoldAsync(Guid workspaceId, CancellationToken ct)
    {
        await db.HoldRowAsync("rollout", RolloutState.OnlyId, ct);
        await db.HoldRowAsync("workspaces", workspaceId, ct);
        return await OfWorkspaceAsync(workspaceId, ct);
    }

    /// <summary>The same of several workspaces. One that is gone is left out.</summary>
    public async Task<IReadOnlyDictionary<Guid, RolloutPhase>> HoldAsync(Guid[] workspaceIds, CancellationToken ct)
    {
        await db.HoldRowAsync("rollout", RolloutState.OnlyId, ct);
        await db.HoldRowsAsync("workspaces", workspaceIds, isShared: true, ct);
        var installation = await OfInstallationAsync(ct);
        return await db.Workspaces.Where(workspace => EF.Parameter(workspaceIds).Contains(workspace.Id))
            .ToDictionaryAsync(workspace => workspace.Id, workspace => workspace.Phase ?? installation, ct);
    }

    /// <summary>Keeps edits of agents out until the end of the transaction: of one workspace, or of all.</summary>
    public async Task TakeAsync(Guid? workspaceId, CancellationToken ct)
    {
        if (workspaceId is not { } id)
        {
            await db.Rollout.ExecuteUpdateAsync(set => set.SetProperty(rollout => rollout.Version, rollout => rollout.Version), ct);
            return;
        }

        await db.HoldRowAsync("rollout", RolloutState.OnlyId, ct);
        await db.Workspaces.Where(workspace => workspace.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(workspace => workspace.Version, workspace => workspace.Version), ct);
    }
}
