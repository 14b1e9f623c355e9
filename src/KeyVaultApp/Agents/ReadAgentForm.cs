using KeyVaultApp.Domain;
using KeyVaultApp.Keys;
using KeyVaultApp.Rollout;
using KeyVaultApp.Storage;
using KeyVaultApp.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Agents;

/// <summary>Fills the form of an agent: its slots as they are, and the keys of its workspace to pick from.</summary>
public sealed class ReadAgentForm(KeyVaultDb db, ILegacyKeys legacy, GetAgent get, WorkspaceKeys workspaceKeys, Phases phases)
{
    private const int AdministratorsNamed = 3;

    public async Task<AgentForm> NewAsync(Guid workspaceId, Actor actor, CancellationToken ct)
    {
        var workspace = await db.FindWorkspaceAsync(workspaceId, actor, ct);
        return await FillAsync(null, workspaceId, workspace.Name, actor, ct);
    }

    public async Task<AgentForm> OfAsync(Guid agentId, Actor actor, CancellationToken ct)
    {
        var agent = await get.RunAsync(agentId, actor, ct);
        return await FillAsync(agent, agent.WorkspaceId, agent.WorkspaceName, actor, ct);
    }

    private async Task<AgentForm> FillAsync(AgentRow? agent, Guid workspaceId, string workspaceName, Actor actor, CancellationToken ct)
    {
        var phase = await phases.OfWorkspaceAsync(workspaceId, ct);
        var mayManageKeys = actor.Role == Role.Admin;
        var keys = (await workspaceKeys.RunAsync(workspaceId, null, actor, ct)).Keys;
        var old = agent is null || phase == RolloutPhase.ReferencesOnly ? null : (await legacy.DescribeAsync([agent.Id], ct)).GetValueOrDefault(agent.Id);
        var named = await NamedKeys.LoadAsync(db, [.. KeyIds(agent, old).Distinct()], [workspaceId], ct);
        var matches = await MatchesAsync(keys, old, ct);

        var slots = KeyKinds.All.Select(kind =>
        {
            var oldSlot = old?.ByKind.GetValueOrDefault(kind);
            var oldKey = oldSlot?.KeyId is { } id ? named.Find(id, workspaceId) : null;
            var reference = agent?.Reference(kind);
            var choices = Choices(kind, keys, reference is { } set ? named.Find(set, workspaceId) : null);
            var match = phase == RolloutPhase.DirectKeys || reference is not null || oldSlot is null ? null : oldKey?.Id ?? matches.GetValueOrDefault((kind, oldSlot.Fingerprint));
            var preselected = choices.FirstOrDefault(choice => choice.Id == match && choice.WhyNot is null)?.Id;
            var isRaw = oldSlot is not null && oldKey is null && reference is null && preselected is null;
            return new SlotForm(
                kind, agent?.Slots[kind.Word()] ?? new SlotRow(SlotState.None), reference, OldKeyText(oldSlot, oldKey), choices, reference ?? preselected, preselected is not null,
                isRaw && mayManageKeys ? legacy.MakeKeyPage(agent!.Id, kind) : null);
        });
        return new AgentForm(
            agent, workspaceId, workspaceName, phase, phase == RolloutPhase.DirectKeys && legacy.Exist, mayManageKeys,
            mayManageKeys ? [] : await AdministratorsAsync(ct), agent?.Name, agent?.ExternalId, agent?.Version, [.. slots]);
    }

    private static IEnumerable<Guid> KeyIds(AgentRow? agent, LegacySlots? old) => KeyKinds.All
        .SelectMany(kind => new[] { agent?.Reference(kind), old?.ByKind.GetValueOrDefault(kind)?.KeyId })
        .OfType<Guid>();

    private static List<KeyChoice> Choices(KeyKind kind, IReadOnlyList<WorkspaceKeys.Row> keys, NamedKey? reference)
    {
        var choices = keys.Where(key => key.Kind == kind)
            .Select(key => new KeyChoice(key.Id, key.Name, key.Provider, key.Last4, key.Status == KeyState.Active ? null : key.Status == KeyState.Disabled ? "disabled" : "expired"))
            .ToList();
        // What the slot names stays among the choices, so that saving something else does not take it away.
        if (reference is not null && choices.All(choice => choice.Id != reference.Id))
            choices.Insert(0, new KeyChoice(reference.Id, reference.Name, null, reference.Last4, reference.Deleted ? "deleted" : reference.Kind != kind ? "another kind of key" : "not assigned to this workspace"));
        return choices;
    }

    private static string? OldKeyText(LegacySlot? slot, NamedKey? key) => (slot, key) switch
    {
        (null, _) => null,
        (_, { } named) => $"the id of {named.Name}",
        ({ Last4: { } last4 }, _) => $"raw key ...{last4}",
        _ => "raw key",
    };

    /// <summary>The keys of the workspace that hold the same value as an old column, told by fingerprint.</summary>
    private async Task<Dictionary<(KeyKind Kind, string Fingerprint), Guid?>> MatchesAsync(IReadOnlyList<WorkspaceKeys.Row> keys, LegacySlots? old, CancellationToken ct)
    {
        if (old is null || keys.Count == 0) return [];
        var fingerprints = old.ByKind.Values.Select(slot => slot.Fingerprint).ToList();
        var ids = keys.Where(key => key.Status == KeyState.Active).Select(key => key.Id).ToList();
        var found = await db.Keys.AsNoTracking().Where(key => ids.Contains(key.Id) && fingerprints.Contains(key.Fingerprint))
            .OrderBy(key => key.NormalizedName).Select(key => new { key.Id, key.Kind, key.Fingerprint }).ToListAsync(ct);
        return found.GroupBy(key => (key.Kind, key.Fingerprint)).ToDictionary(same => same.Key, same => (Guid?)same.First().Id);
    }

    private Task<List<string>> AdministratorsAsync(CancellationToken ct) => db.Users.AsNoTracking()
        .Where(user => user.Role == Role.Admin && user.DisabledAt == null)
        .OrderBy(user => user.CreatedAt).ThenBy(user => user.Id)
        .Select(user => user.Email!).Take(AdministratorsNamed).ToListAsync(ct);
}
