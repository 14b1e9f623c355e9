using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using KeyVaultApp.Workspaces;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Agents;

/// <summary>The agents of a workspace, or of all within reach. Searched by part of the name, or by the whole external id.</summary>
public sealed class ListAgents(KeyVaultDb db, AgentRows rows, SlotStates states)
{
    /// <param name="Kind">Looks at this slot only.</param>
    /// <param name="State">Those with a slot in this state.</param>
    public sealed record Filter(
        [property: FromQuery(Name = "kind")] string? Kind = null,
        [property: FromQuery(Name = "state")] string? State = null);

    private static readonly Sorting<Agent> Sorting = new(
        "name",
        ("name", agent => agent.NormalizedName),
        ("workspace", agent => agent.Workspace.NormalizedName),
        ("external_id", agent => agent.ExternalId),
        ("created_at", agent => agent.CreatedAt),
        ("updated_at", agent => agent.UpdatedAt));

    public async Task<Page<AgentRow>> RunAsync(Guid? workspaceId, ListQuery list, Actor actor, CancellationToken ct, Filter? filter = null)
    {
        if (workspaceId is { } workspace) await db.FindWorkspaceAsync(workspace, actor, ct);
        var agents = db.Agents.AsNoTracking().WithinReach(actor);
        if (workspaceId is not null) agents = agents.Where(agent => agent.WorkspaceId == workspaceId);
        if (list.Needle is { } needle)
        {
            var normalized = Text.Normalize(needle);
            agents = agents.Where(agent => agent.NormalizedName.Contains(normalized) || agent.ExternalId == needle);
        }

        var kind = Fields.Word<KeyKind>(filter?.Kind, "kind");
        if (Fields.Word<SlotState>(filter?.State, "state") is { } state)
        {
            var inState = await states.AgentsAsync(state, kind, ct);
            agents = agents.Where(agent => inState.Contains(agent.Id));
        }

        var page = await Sorting.Apply(agents.Include(agent => agent.Workspace), list.Sort, agent => agent.Id).ToPageAsync(list, ct);
        return new Page<AgentRow>(await rows.OfAsync(page.Items, ct), page.Total, page.Number, page.PageSize);
    }
}
