using KeyVaultApp.Domain;

namespace KeyVaultApp.Workspaces;

public static class WorkspaceWords
{
    /// <summary>The phase in force as people read it, and whether it is the workspace's own.</summary>
    public static string Phase(WorkspaceFacts.Row row) => row.Workspace.Phase is null ? Words(row.Phase) : $"{Words(row.Phase)} (its own phase)";

    private static string Words(RolloutPhase phase) => phase switch
    {
        RolloutPhase.DirectKeys => "direct keys",
        RolloutPhase.ReferencesWithFallback => "references with fallback",
        RolloutPhase.ReferencesOnly => "references only",
        _ => throw new ArgumentOutOfRangeException(nameof(phase)),
    };
}
