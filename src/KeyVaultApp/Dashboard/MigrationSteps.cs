using KeyVaultApp.Agents;
using KeyVaultApp.Domain;
using KeyVaultApp.Rollout;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Dashboard;

/// <summary>How far the way from raw keys to references has been gone, step by step: Prepare, Assign, Migrate, Verify, Remove.</summary>
public sealed class MigrationSteps(KeyVaultDb db, ILegacyKeys legacy, SlotStates states)
{
    /// <param name="Count">What the step has to show for itself.</param>
    /// <param name="Of">What the count counts.</param>
    /// <param name="Blocker">What is still to do; null where the step is done.</param>
    /// <param name="Url">Where to do it.</param>
    public sealed record Step(string Name, int Count, string Of, string? Blocker, string Url);

    private const string NoAgents = "No agents yet.";

    public async Task<IReadOnlyList<Step>> RunAsync(CountPhases.Answer phases, CancellationToken ct)
    {
        var keys = await db.Keys.CountAsync(ct);
        var kinds = await db.Keys.Select(key => key.Kind).Distinct().CountAsync(ct);
        var workspaces = db.Workspaces.Where(workspace => db.Agents.Any(agent => agent.WorkspaceId == workspace.Id));
        var withAgents = phases.AllWithAgents;
        var assigned = await workspaces.CountAsync(workspace => db.KeyAssignments.Any(assignment => assignment.WorkspaceId == workspace.Id), ct);
        var unreferenced = await Unreferenced().CountAsync(ct);
        var referencing = await db.Agents.CountAsync(agent => agent.SelectedTtsKeyId != null || agent.SelectedSttKeyId != null || agent.SelectedElevenlabsKeyId != null, ct);
        var broken = await (await states.AgentsAsync(SlotState.Broken, null, ct)).CountAsync(ct);
        var resolving = await (await states.AgentsAsync(SlotState.Reference, null, ct)).CountAsync(ct);
        var holding = await legacy.Rows.CountAsync(row => row.HasTtsKey == 1 || row.HasSttKey == 1 || row.HasElevenlabsKey == 1, ct);
        return
        [
            new Step("Prepare", keys, "keys created", keys == 0 ? "Create the first key." : kinds < KeyKinds.All.Count ? $"{KeyKinds.All.Count - kinds} of {KeyKinds.All.Count} kinds have no key yet." : null, "/keys"),
            new Step("Assign", assigned, $"of {withAgents:N0} workspaces have keys", keys == 0 ? "There are no keys to assign." : withAgents == 0 ? "No workspace has agents yet." : assigned < withAgents ? $"{withAgents - assigned:N0} workspaces with agents have no key." : null, "/workspaces"),
            new Step("Migrate", referencing, "agents reference a key", withAgents == 0 ? NoAgents : unreferenced > 0 ? $"{unreferenced:N0} agents have a raw key and no reference beside it." : null, "/agents?state=legacy"),
            new Step("Verify", resolving, "agents resolve by reference", Verify(phases, broken), phases.In(RolloutPhase.DirectKeys) > 0 ? "/rollout" : "/agents?state=broken"),
            new Step("Remove", holding, "agents still hold a raw key", Remove(phases, holding), "/rollout"),
        ];
    }

    private static string? Verify(CountPhases.Answer phases, int broken) => (phases.AllWithAgents, phases.In(RolloutPhase.DirectKeys)) switch
    {
        (0, _) => NoAgents,
        var (all, direct) when direct == all => "The phase is direct_keys, in which references are ignored.",
        (_, > 0 and var direct) => $"{Count.Of(direct, "workspace is", "workspaces are")} in direct_keys, in which references are ignored.",
        _ => broken > 0 ? $"{Count.Of(broken, "agent has", "agents have")} a broken slot." : null,
    };

    private static string? Remove(CountPhases.Answer phases, int holding) => (phases.AllWithAgents, phases.AllWithAgents - phases.In(RolloutPhase.ReferencesOnly)) switch
    {
        (0, _) => NoAgents,
        _ when holding == 0 => null,
        (_, 0) => "Old columns are not read any more, and not removed: the way back stays open.",
        var (all, reading) when reading == all => "Old columns are still read. This comes after references_only.",
        var (_, reading) => $"{Count.Of(reading, "workspace still reads", "workspaces still read")} old columns. This comes after references_only.",
    };

    /// <summary>Agents with a slot that has an old key and no reference, in whatever phase.</summary>
    private IQueryable<Guid> Unreferenced() =>
        from agent in db.Agents
        join row in legacy.Rows on agent.Id equals row.AgentId
        where (row.HasTtsKey == 1 && agent.SelectedTtsKeyId == null)
            || (row.HasSttKey == 1 && agent.SelectedSttKeyId == null)
            || (row.HasElevenlabsKey == 1 && agent.SelectedElevenlabsKeyId == null)
        select agent.Id;
}
