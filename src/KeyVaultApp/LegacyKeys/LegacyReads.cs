using System.Runtime.InteropServices;
using KeyVaultApp.Domain;

namespace KeyVaultApp.LegacyKeys;

/// <summary>
/// Counts in memory how often old columns give an answer. Exact, and a fraction of a microsecond: a short lock around two
/// look-ups. <see cref="FlushLegacyReads"/> takes what has gathered.
/// </summary>
internal sealed class LegacyReads(TimeProvider clock)
{
    /// <summary>
    /// More agents than a server resolves between two flushes; some 25 MB. Only while the database is away can there be
    /// more, and those are then counted for their workspace alone.
    /// </summary>
    public const int MostAgents = 250_000;

    private readonly Lock _gate = new();
    private LegacyTally _tally = new();

    public void Count(Guid workspaceId, Guid agentId, KeyKind kind)
    {
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            _tally.Add(new WorkspaceDay(workspaceId, kind, DateOnly.FromDateTime(now.UtcDateTime)), 1);
            _tally.Add(new AgentSlot(agentId, kind), new SlotReads(1, now));
        }
    }

    public LegacyTally Take()
    {
        lock (_gate)
        {
            var taken = _tally;
            if (!taken.IsEmpty) _tally = new LegacyTally();
            return taken;
        }
    }

    public void PutBack(LegacyTally tally)
    {
        lock (_gate) _tally.Add(tally);
    }
}

[StructLayout(LayoutKind.Auto)]
internal readonly record struct WorkspaceDay(Guid WorkspaceId, KeyKind Kind, DateOnly Day);

[StructLayout(LayoutKind.Auto)]
internal readonly record struct AgentSlot(Guid AgentId, KeyKind Kind);

[StructLayout(LayoutKind.Auto)]
internal readonly record struct SlotReads(long Count, DateTimeOffset Last);

/// <summary>Reads by workspace, kind and day, and by agent and kind. Not for several threads at once.</summary>
internal sealed class LegacyTally
{
    private readonly Dictionary<WorkspaceDay, long> _days = [];
    private readonly Dictionary<AgentSlot, SlotReads> _slots = [];

    public bool IsEmpty => _days.Count == 0;

    public IReadOnlyDictionary<WorkspaceDay, long> Days => _days;

    public IReadOnlyDictionary<AgentSlot, SlotReads> Slots => _slots;

    public void Add(WorkspaceDay day, long count) => CollectionsMarshal.GetValueRefOrAddDefault(_days, day, out _) += count;

    public void Add(AgentSlot slot, SlotReads reads)
    {
        if (_slots.Count >= LegacyReads.MostAgents && !_slots.ContainsKey(slot)) return;
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(_slots, slot, out _);
        sum = new SlotReads(sum.Count + reads.Count, sum.Last > reads.Last ? sum.Last : reads.Last);
    }

    public void Add(LegacyTally other)
    {
        foreach (var (day, count) in other._days) Add(day, count);
        foreach (var (slot, reads) in other._slots) Add(slot, reads);
    }
}
