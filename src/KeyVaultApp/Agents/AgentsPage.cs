using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;

namespace KeyVaultApp.Agents;

/// <summary>What the list of agents shows.</summary>
public sealed record AgentsPage(
    Page<AgentRow> Agents, ListQuery List, ListAgents.Filter Filter, Guid? WorkspaceId, IReadOnlyList<WorkspaceChoice> Workspaces, bool MayEdit, Role? Role)
{
    public static readonly IReadOnlyList<(string Word, string Label)> States =
    [
        (Fields.WordOf(SlotState.Legacy), "on a raw key"),
        (Fields.WordOf(SlotState.Reference), "on a reference"),
        (Fields.WordOf(SlotState.Broken), "broken"),
        (Fields.WordOf(SlotState.None), "without a key"),
    ];

    public bool IsFiltered => List.Needle is not null || WorkspaceId is not null || !string.IsNullOrEmpty(Filter.State);

    public bool MayMakeWorkspace => Workspaces is [] && Role == Domain.Role.Admin;

    public (string Icon, string Title, string Next) Empty => this switch
    {
        { IsFiltered: true } => ("search", "No agent fits", "Search for another name, or clear the filters."),
        { MayMakeWorkspace: true } => ("building", "No workspaces yet", "Create the first one, or bring workspaces and agents in at once with: KeyVaultApp agents import --file agents.csv"),
        { Workspaces: [], Role: Domain.Role.Ops } => ("building", "No workspaces yet", "An administrator creates them, and agents show here as soon as there are any."),
        { Workspaces: [] } => ("building", "No workspace within your reach", "Ask an administrator to add you to the workspaces whose agents you work with."),
        { MayEdit: true } => ("robot", "No agents yet", "Add the first agent, or bring many in at once with: KeyVaultApp agents import --file agents.csv"),
        _ => ("robot", "No agents yet", "They appear here when somebody adds or imports them."),
    };
}
