using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Rollout;

/// <summary>The phase of the installation, and of every workspace that has one of its own.</summary>
public sealed class GetRollout(KeyVaultDb db, Phases phases)
{
    public sealed record WorkspacePhase(Guid WorkspaceId, string WorkspaceName, RolloutPhase Phase);

    public sealed record Answer(RolloutPhase Phase, IReadOnlyList<WorkspacePhase> Workspaces);

    public async Task<Answer> RunAsync(CancellationToken ct) => new(
        await phases.OfInstallationAsync(ct),
        await db.Workspaces.AsNoTracking()
            .Where(workspace => workspace.Phase != null)
            .OrderBy(workspace => workspace.NormalizedName)
            .Select(workspace => new WorkspacePhase(workspace.Id, workspace.Name, workspace.Phase!.Value))
            .ToListAsync(ct));
}
