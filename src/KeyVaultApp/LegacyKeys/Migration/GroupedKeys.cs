using KeyVaultApp.Domain;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <param name="Phase">In force there: its own, or the installation's.</param>
internal sealed record PlannedWorkspace(string Name, RolloutPhase Phase);

/// <summary>What a dry run has met so far: each legacy key once for its workspace, kind and fingerprint. Memory grows with these, not with the agents.</summary>
/// <param name="workspaces">Every workspace that an agent is added of.</param>
internal sealed class GroupedKeys(
    Guid planId, KnownKeys known, IReadOnlyDictionary<Guid, PlannedWorkspace> workspaces, RecentFingerprints fingerprints, Hygiene hygiene)
{
    private readonly Dictionary<(Guid WorkspaceId, KeyKind Kind, string Fingerprint, bool HasReference), Group> _groups = [];
    private readonly Dictionary<(KeyKind Kind, string Fingerprint), LegacySlot> _described = [];

    private sealed class Group
    {
        public required int Number { get; init; }
        public required string? Last4 { get; init; }
        public required Place Place { get; init; }
        public int Agents { get; set; }
    }

    public long Slots { get; private set; }

    /// <returns>Null where the agent has nothing that could be linked.</returns>
    public PlanAgent? Add(AgentSlots agent)
    {
        var (tts, stt, elevenlabs) = (Add(agent, KeyKind.Tts), Add(agent, KeyKind.Stt), Add(agent, KeyKind.Elevenlabs));
        if (tts is null && stt is null && elevenlabs is null) return null;
        return new PlanAgent { PlanId = planId, AgentId = agent.AgentId, TtsGroup = tts, SttGroup = stt, ElevenlabsGroup = elevenlabs };
    }

    /// <summary>The groups by number, with what is proposed for each.</summary>
    public IReadOnlyList<PlanGroup> Finish()
    {
        var names = NameNewKeys();
        return [.. _groups.OrderBy(group => group.Value.Number).Select(group => Finish(group.Key, group.Value))];

        PlanGroup Finish((Guid WorkspaceId, KeyKind Kind, string Fingerprint, bool HasReference) key, Group found)
        {
            var group = new PlanGroup
            {
                PlanId = planId,
                Number = found.Number,
                WorkspaceId = key.WorkspaceId,
                WorkspaceName = workspaces[key.WorkspaceId].Name,
                Kind = key.Kind,
                Fingerprint = key.Fingerprint,
                Last4 = found.Last4,
                Agents = found.Agents,
                Bucket = found.Place.Bucket,
                Problem = found.Place.Problem,
                Findings = found.Place.Findings,
            };
            if (found.Place.Bucket == PlanBucket.Create) group.Propose(PlanAction.Create, null, names[(key.Kind, key.Fingerprint)]);
            else if (found.Place.KeyId is { } keyId) group.Propose(PlanAction.Link, keyId, null);
            return group;
        }
    }

    private int? Add(AgentSlots agent, KeyKind kind)
    {
        if (agent.LegacyKey(kind) is not { } value) return null;
        var fingerprint = fingerprints.Of(kind, value);
        var hasReference = agent.Reference(kind) is not null;
        var key = (agent.WorkspaceId, kind, fingerprint, hasReference);
        if (!_groups.TryGetValue(key, out var group))
        {
            var slot = Describe(kind, fingerprint, value);
            _groups.Add(key, group = new Group { Number = _groups.Count + 1, Last4 = slot.Last4, Place = Find(agent.WorkspaceId, kind, slot, hasReference) });
        }

        group.Agents++;
        Slots++;
        return hasReference ? null : group.Number;
    }

    /// <summary>Where old columns are not read, a reference would give agents an answer that they do not have now.</summary>
    private Place Find(Guid workspaceId, KeyKind kind, LegacySlot slot, bool hasReference) =>
        hasReference ? new Place(PlanBucket.NothingToDo, null, null, HygieneFindings.None)
        : workspaces[workspaceId].Phase == RolloutPhase.ReferencesOnly ? new Place(PlanBucket.NothingToDo, PlanProblem.ReferencesOnly, null, HygieneFindings.None)
        : known.Find(workspaceId, kind, slot);

    /// <summary>What a value looks like is found out once, however many agents hold it.</summary>
    private LegacySlot Describe(KeyKind kind, string fingerprint, Secret value)
    {
        if (!_described.TryGetValue((kind, fingerprint), out var slot))
            _described.Add((kind, fingerprint), slot = new LegacySlot(value.AsKeyId, value.Last4, fingerprint, hygiene.Of(kind, value)));
        return slot;
    }

    private Dictionary<(KeyKind, string), string> NameNewKeys()
    {
        var names = new KeyNames(known.NormalizedNames);
        return _groups.Where(group => group.Value.Place.Bucket == PlanBucket.Create)
            .GroupBy(group => (group.Key.Kind, group.Key.Fingerprint))
            .OrderBy(holders => holders.Min(holder => holder.Value.Number))
            .ToDictionary(holders => holders.Key, holders => names.Next(
                holders.Take(2).Count() == 1 ? workspaces[holders.First().Key.WorkspaceId].Name : null, holders.Key.Kind));
    }
}
