using KeyVaultApp.Domain;
using KeyVaultApp.Rollout;
using KeyVaultApp.Storage;

namespace KeyVaultApp.Agents;

/// <summary>Makes rows of agents, with the state of every slot as the phase of its workspace would resolve it: a few queries a page.</summary>
public sealed class AgentRows(KeyVaultDb db, ILegacyKeys legacy, Phases phases, TimeProvider clock)
{
    /// <param name="agents">With their workspaces.</param>
    public async Task<IReadOnlyList<AgentRow>> OfAsync(IReadOnlyList<Agent> agents, CancellationToken ct)
    {
        var installation = await phases.OfInstallationAsync(ct);
        var old = await legacy.DescribeAsync([.. agents.Select(agent => agent.Id)], ct);
        var ids = agents.SelectMany(agent => KeyKinds.All.SelectMany(kind => new[] { agent.Reference(kind), Slot(old, agent, kind)?.KeyId })).OfType<Guid>();
        var named = await NamedKeys.LoadAsync(db, [.. ids.Distinct()], [.. agents.Select(agent => agent.WorkspaceId).Distinct()], ct);
        var now = clock.GetUtcNow();
        return [.. agents.Select(agent => ToRow(agent, KeyKinds.All.ToDictionary(kind => kind.Word(), kind =>
        {
            var slot = Slot(old, agent, kind);
            var phase = agent.Workspace.Phase ?? installation;
            return ToSlot(SlotAnswer.Of(kind, phase, agent.Reference(kind), slot is null, slot?.KeyId, id => named.Find(id, agent.WorkspaceId), now), slot);
        })))];
    }

    private static LegacySlot? Slot(IReadOnlyDictionary<Guid, LegacySlots> old, Agent agent, KeyKind kind) =>
        old.GetValueOrDefault(agent.Id)?.ByKind.GetValueOrDefault(kind);

    private static SlotRow ToSlot(SlotAnswer answer, LegacySlot? slot) => answer switch
    {
        SlotAnswer.RawKey => new SlotRow(SlotState.Legacy, Last4: slot!.Last4),
        SlotAnswer.Resource { Source: KeySource.Reference } found => new SlotRow(SlotState.Reference, found.Key.Id, found.Key.Name, found.Key.Last4),
        SlotAnswer.Resource found => new SlotRow(SlotState.Legacy, found.Key.Id, found.Key.Name, found.Key.Last4),
        SlotAnswer.Unavailable broken => new SlotRow(SlotState.Broken, broken.Key.Id, broken.Key.Name, null, broken.Reason),
        _ => new SlotRow(SlotState.None),
    };

    private static AgentRow ToRow(Agent agent, Dictionary<string, SlotRow> slots) => new(
        agent.Id, agent.WorkspaceId, agent.Workspace.Name, agent.Name, agent.ExternalId, agent.Version,
        agent.SelectedTtsKeyId, agent.SelectedSttKeyId, agent.SelectedElevenlabsKeyId, slots, agent.CreatedAt, agent.UpdatedAt);
}
