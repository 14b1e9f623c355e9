using KeyVaultApp.Domain;
using KeyVaultApp.Keys;
using KeyVaultApp.Rollout;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;

namespace KeyVaultApp.Agents;

/// <summary>The rules that a form's references and old keys obey, whichever door they come through.</summary>
public sealed class SlotChanges(KeyVaultDb db, ILegacyKeys legacy, KeyUse use, Phases phases, TimeProvider clock)
{
    /// <summary>
    /// Refuses a newly picked key that this workspace could not resolve. The locks it takes hold until the end of the
    /// transaction, so that nobody takes the key away or switches the phase meanwhile. A reference that stays is not questioned: a key that was
    /// disabled since must not keep its agents from being renamed.
    /// </summary>
    public async Task CheckAsync(Guid workspaceId, AgentMembers form, Agent? before, IReadOnlyCollection<KeyKind> cleared, CancellationToken ct)
    {
        RequireDirectKeys(await phases.HoldAsync(workspaceId, ct), form, cleared);
        var picked = Picked(form, before).ToList();
        var ids = picked.Select(pick => pick.KeyId).Distinct().ToList();
        await use.LockAsync(ids, ct);
        var named = await NamedKeys.LoadAsync(db, ids, [workspaceId], ct);
        foreach (var pick in picked)
        {
            var key = named.Find(pick.KeyId, workspaceId);
            if (key is null && pick.MayBeRaw) continue;
            Require(pick.Field, pick.Kind, key, clock.GetUtcNow());
        }
    }

    /// <summary>
    /// Stores the references and the old keys of the form. A raw key that is replaced takes the reference with it that the slot
    /// had, lest it come back stale with the next phase; one that the same form names anew is stored beside it.
    /// </summary>
    /// <returns>The slots whose old key changed.</returns>
    public async Task<IReadOnlyCollection<KeyKind>> ApplyAsync(Agent agent, AgentMembers form, IReadOnlyCollection<KeyKind> cleared, bool isNew, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var selected = KeyKinds.All.Where(kind => agent.Reference(kind) != form.Reference(kind)).ToList();
        foreach (var kind in selected) agent.Select(kind, form.Reference(kind), now);

        var values = cleared.ToDictionary(kind => kind, _ => new Secret(""));
        foreach (var kind in KeyKinds.All)
            if (form.NewLegacyKey(kind) is { } value)
                values[kind] = value;
        if (values.Count == 0) return [];

        if (isNew) await db.SaveUniqueExternalIdAsync(ct);
        var changed = await legacy.WriteAsync(agent.Id, values, ct);
        foreach (var kind in changed.Where(kind => !isNew && !selected.Contains(kind) && !values[kind].IsBlank))
            agent.Select(kind, null, now);
        if (changed.Count > 0 && !isNew) agent.Touch(now);
        return changed;
    }

    private void RequireDirectKeys(RolloutPhase phase, AgentMembers form, IReadOnlyCollection<KeyKind> cleared)
    {
        var kind = KeyKinds.All.Where(kind => form.NewLegacyKey(kind) is not null || cleared.Contains(kind)).Select(kind => (KeyKind?)kind).FirstOrDefault();
        if (kind is null || (legacy.Exist && phase == RolloutPhase.DirectKeys)) return;

        var field = cleared.Contains(kind.Value) ? "clear_keys" : AgentMembers.LegacyField(kind.Value);
        throw Refusal.Invalid(field, $"{field} is taken in phase direct_keys only. Pick a key in {AgentMembers.ReferenceField(kind.Value)}.");
    }

    /// <summary>A key id that the form names anew. One in an old key may also be a raw key that looks like an id.</summary>
    private sealed record Pick(KeyKind Kind, Guid KeyId, string Field, bool MayBeRaw);

    private static IEnumerable<Pick> Picked(AgentMembers form, Agent? before)
    {
        foreach (var kind in KeyKinds.All)
        {
            if (form.Reference(kind) is { } id && id != before?.Reference(kind))
                yield return new Pick(kind, id, AgentMembers.ReferenceField(kind), MayBeRaw: false);
            if (form.NewLegacyKey(kind)?.AsKeyId is { } legacyId)
                yield return new Pick(kind, legacyId, AgentMembers.LegacyField(kind), MayBeRaw: true);
        }
    }

    /// <param name="kind">Of the slot; null where it is the one that the key is for.</param>
    internal static void Require(string field, KeyKind? kind, NamedKey? key, DateTimeOffset now)
    {
        // Whether a key of another workspace exists is nobody's business here: unknown and not assigned read the same.
        if (key is null or { Assigned: false })
            throw Refusal.UnknownIn(field, $"{field} names no key of this workspace. Pick one from its list, or ask an administrator to assign it.");
        if (key.WhyNot(kind ?? key.Kind, now) is { } reason)
            throw Refusal.Invalid(field, reason switch
            {
                UnavailableReason.WrongKind => $"{field} names a key for {key.Kind.Word()}, and this slot takes keys for {kind!.Value.Word()}.",
                UnavailableReason.Disabled => $"{field} names a key that is disabled.",
                UnavailableReason.Expired => $"{field} names a key that has expired.",
                _ => $"{field} names a key that cannot be used.",
            });
    }
}
