using KeyVaultApp.Domain;
using KeyVaultApp.Encryption;

namespace KeyVaultApp.KeyResolution;

/// <summary>
/// The one answer to "which key does this agent use": for pages, API, commands and callers in the process. The rules are
/// <see cref="SlotAnswer"/>'s; here the values are read and opened. Two queries at the most, whatever the slots hold.
/// </summary>
public sealed class KeyResolver
{
    private readonly ReadSlots _read;
    private readonly ILegacyKeys _legacy;
    private readonly RevealValues _reveal;
    private readonly TimeProvider _clock;

    internal KeyResolver(ReadSlots read, ILegacyKeys legacy, RevealValues reveal, TimeProvider clock)
    {
        _read = read;
        _legacy = legacy;
        _reveal = reveal;
        _clock = clock;
    }

    /// <summary>Resolves these slots of an agent.</summary>
    /// <param name="actor">Whose workspaces bound what is found.</param>
    /// <param name="counts">Whether an answer from an old column counts as a use of it: not where somebody merely looks.</param>
    /// <returns>Null where there is no such agent within the actor's reach.</returns>
    public async Task<AgentResolution?> ResolveAsync(AgentAddress address, IReadOnlyCollection<KeyKind> kinds, Actor actor, CancellationToken ct, bool counts = true)
    {
        if (await _read.AgentAsync(address, ct) is not { } agent || !actor.MayReach(agent.WorkspaceId)) return null;

        var keys = await _read.KeysAsync(NamedIn(agent, kinds), agent.WorkspaceId, ct);
        var slots = new Dictionary<KeyKind, SlotResolution>();
        foreach (var kind in kinds)
        {
            var legacy = agent.Legacy[kind];
            var isBlank = legacy is null or { IsBlank: true };
            var answer = SlotAnswer.Of(
                kind, agent.Phase, agent.References[kind], isBlank, legacy?.AsKeyId, id => keys.GetValueOrDefault(id)?.Key, _clock.GetUtcNow());
            var form = isBlank ? (LegacyForm?)null
                : legacy!.AsKeyId is not { } id ? LegacyForm.RawKey
                : keys.ContainsKey(id) ? LegacyForm.KeyId
                : LegacyForm.UnknownUuid;
            slots[kind] = new SlotResolution(await OpenAsync(answer, legacy, keys, ct), agent.References[kind] is not null, form);
            var isFromOldColumn = answer is SlotAnswer.RawKey or SlotAnswer.Resource { Source: KeySource.LegacyReference } or SlotAnswer.Unavailable { Source: KeySource.LegacyReference };
            if (counts && isFromOldColumn) _legacy.CountRead(agent.WorkspaceId, agent.AgentId, kind);
        }

        return new AgentResolution(agent.AgentId, agent.WorkspaceId, agent.Phase, agent.OwnPhase is not null, slots);
    }

    private static List<Guid> NamedIn(AgentSlots agent, IReadOnlyCollection<KeyKind> kinds) =>
        [.. kinds.SelectMany(kind => new[] { agent.References[kind], agent.Legacy[kind]?.AsKeyId }).OfType<Guid>().Distinct()];

    private async ValueTask<Resolution> OpenAsync(SlotAnswer answer, Secret? legacy, IReadOnlyDictionary<Guid, SealedKey> keys, CancellationToken ct)
    {
        switch (answer)
        {
            case SlotAnswer.RawKey:
                return new Resolution.Found(legacy!, KeySource.Legacy, Key: null);
            case SlotAnswer.Unavailable unavailable:
                return new Resolution.Unavailable(unavailable.Reason, unavailable.Source, unavailable.Key.Id, unavailable.Key.Name);
            case SlotAnswer.Resource(var source, var named):
                var key = keys[named.Id];
                try
                {
                    var value = await _reveal.OpenAsync(key.Sealed, named.Id, key.Version, named.Kind, ct);
                    return new Resolution.Found(value, source, new ResolvedKey(named.Id, named.Name, key.Version, key.Provider, key.Region));
                }
                catch (UnreadableValueException)
                {
                    return new Resolution.Unavailable(UnavailableReason.Unreadable, source, named.Id, named.Name);
                }

            default:
                return new Resolution.NotConfigured();
        }
    }
}
