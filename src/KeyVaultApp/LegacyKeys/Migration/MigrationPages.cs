using KeyVaultApp.Storage;
using KeyVaultApp.Web;

namespace KeyVaultApp.LegacyKeys.Migration;

// What each page of plans shows, and no more than that.

/// <param name="Runs">The latest.</param>
public sealed record MigrationPage(Page<ListPlans.Row> Plans, Page<GetRun.Answer> Runs);

/// <param name="All">Whether the installation is chosen, rather than some workspaces.</param>
public sealed record NewPlanPage(bool All, WorkspacePicker Workspaces);

public sealed record PlanPage(
    GetPlan.Answer Plan, Page<ListItems.Row> Items, ListQuery List, ListItems.Filter Filter, IReadOnlyList<WorkspaceChoice> Workspaces, bool MayDecide)
{
    public bool IsFiltered => List.Needle is not null || Filter with { Bucket = null } != new ListItems.Filter();
}

/// <param name="SameKey">How many items of the plan are about the same key, this one among them.</param>
/// <param name="Decision">As it was typed, where that was refused.</param>
public sealed record ItemPage(
    GetPlan.Answer Plan, ListItems.Row Item, Page<ListItemAgents.Row> Agents, IReadOnlyList<LinkableKeys.Row> Keys, int SameKey, Decision? Decision, bool MayDecide);
