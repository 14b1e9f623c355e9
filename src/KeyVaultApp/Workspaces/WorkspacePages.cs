using KeyVaultApp.Web;

namespace KeyVaultApp.Workspaces;

public sealed record WorkspaceListPage(Page<WorkspaceRow> Workspaces, IReadOnlyList<WorkspaceFacts.Row> Rows, ListQuery Query);

public sealed record RenameWorkspacePage(WorkspaceRow Workspace, string? Name);
