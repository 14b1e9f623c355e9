using KeyVaultApp.Domain;
using KeyVaultApp.Rollout;
using KeyVaultApp.Storage;

namespace KeyVaultApp.Agents;

/// <summary>
/// Finds agents by what their slots resolve to, in SQL and for any number of agents. It says in a query what
/// <see cref="SlotAnswer"/> says of one slot; only whether a value opens cannot be asked here.
/// </summary>
public sealed class SlotStates(KeyVaultDb db, ILegacyKeys legacy, Phases phases, TimeProvider clock)
{
    /// <summary>What one slot holds, whatever its kind.</summary>
    private sealed class Held
    {
        public Guid AgentId { get; init; }
        public Guid WorkspaceId { get; init; }
        public bool ReadsReference { get; init; }
        public bool ReadsOldKey { get; init; }
        public Guid? Reference { get; init; }
        public string? OldKeyRef { get; init; }
        public bool HasOldKey { get; init; }
    }

    private sealed class Usable
    {
        public Guid KeyId { get; init; }
        public string KeyIdText { get; init; } = "";
        public Guid WorkspaceId { get; init; }
    }

    /// <summary>The agents with a slot in this state, of this kind or of any.</summary>
    public async Task<IQueryable<Guid>> AgentsAsync(SlotState state, KeyKind? kind, CancellationToken ct)
    {
        var installation = await phases.OfInstallationAsync(ct);
        return kind is { } one
            ? InState(one, state, installation)
            : KeyKinds.All.Select(each => InState(each, state, installation)).Aggregate((all, more) => all.Union(more));
    }

    private IQueryable<Guid> InState(KeyKind kind, SlotState state, RolloutPhase installation)
    {
        var slots = Slots(kind, installation);
        var usable = UsableKeys(kind);
        var named = db.Keys.Select(key => key.Id.ToString().ToLower()).Concat(db.KeyTombstones.Select(tombstone => tombstone.Id.ToString().ToLower()));
        var broken = slots.Where(slot => slot.ReadsReference
            ? !usable.Any(key => key.KeyId == slot.Reference && key.WorkspaceId == slot.WorkspaceId)
            : slot.ReadsOldKey && slot.OldKeyRef != null && named.Contains(slot.OldKeyRef)
                && !usable.Any(key => key.KeyIdText == slot.OldKeyRef && key.WorkspaceId == slot.WorkspaceId));
        var matching = state switch
        {
            SlotState.None => slots.Where(slot => !slot.ReadsReference && !slot.ReadsOldKey),
            SlotState.Reference => slots.Where(slot => slot.ReadsReference && usable.Any(key => key.KeyId == slot.Reference && key.WorkspaceId == slot.WorkspaceId)),
            SlotState.Legacy => slots.Where(slot => slot.ReadsOldKey
                && (slot.OldKeyRef == null || !named.Contains(slot.OldKeyRef) || usable.Any(key => key.KeyIdText == slot.OldKeyRef && key.WorkspaceId == slot.WorkspaceId))),
            _ => broken,
        };
        return matching.Select(slot => slot.AgentId);
    }

    private IQueryable<Usable> UsableKeys(KeyKind kind)
    {
        var now = clock.GetUtcNow();
        return
            from key in db.Keys
            where key.Kind == kind && key.Status == KeyStatus.Active && (key.ExpiresAt == null || key.ExpiresAt > now)
            join assignment in db.KeyAssignments on key.Id equals assignment.KeyId
            select new Usable { KeyId = key.Id, KeyIdText = key.Id.ToString().ToLower(), WorkspaceId = assignment.WorkspaceId };
    }

    private IQueryable<Held> Slots(KeyKind kind, RolloutPhase installation)
    {
        var held = Columns(kind);
        return
            from slot in held
            join workspace in db.Workspaces on slot.WorkspaceId equals workspace.Id
            let phase = workspace.Phase ?? installation
            let readsReference = phase != RolloutPhase.DirectKeys && slot.Reference != null
            select new Held
            {
                AgentId = slot.AgentId,
                WorkspaceId = slot.WorkspaceId,
                Reference = slot.Reference,
                OldKeyRef = slot.OldKeyRef,
                HasOldKey = slot.HasOldKey,
                ReadsReference = readsReference,
                ReadsOldKey = !readsReference && phase != RolloutPhase.ReferencesOnly && slot.HasOldKey,
            };
    }

    private IQueryable<Held> Columns(KeyKind kind)
    {
        var agents =
            from agent in db.Agents
            join row in legacy.Rows on agent.Id equals row.AgentId into old
            from row in old.DefaultIfEmpty()
            select new { agent, row };
        return kind switch
        {
            KeyKind.Tts => agents.Select(both => new Held
            {
                AgentId = both.agent.Id,
                WorkspaceId = both.agent.WorkspaceId,
                Reference = both.agent.SelectedTtsKeyId,
                OldKeyRef = both.row!.TtsKeyRef,
                HasOldKey = both.row!.HasTtsKey == 1,
            }),
            KeyKind.Stt => agents.Select(both => new Held
            {
                AgentId = both.agent.Id,
                WorkspaceId = both.agent.WorkspaceId,
                Reference = both.agent.SelectedSttKeyId,
                OldKeyRef = both.row!.SttKeyRef,
                HasOldKey = both.row!.HasSttKey == 1,
            }),
            _ => agents.Select(both => new Held
            {
                AgentId = both.agent.Id,
                WorkspaceId = both.agent.WorkspaceId,
                Reference = both.agent.SelectedElevenlabsKeyId,
                OldKeyRef = both.row!.ElevenlabsKeyRef,
                HasOldKey = both.row!.HasElevenlabsKey == 1,
            }),
        };
    }
}
