using KeyVaultApp.Domain;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>
/// What a worker has read of its run, a copy of what stands in the database. Nobody else changes groups of the plan, with a value that
/// has their fingerprint, nor which keys the run made; keys tell by their version whether they are as they were. Once a piece has
/// failed nobody knows how far that came, and all is read again. It keeps values, together a few megabytes at the most, and lives no
/// longer than the worker is at this run.
/// </summary>
public sealed class RunMemory
{
    private const int MostGroups = 100_000;

    private readonly Dictionary<int, PlanGroup?> _groups = [];
    private readonly Dictionary<(KeyKind Kind, string Fingerprint), Guid?> _made = [];
    private readonly Dictionary<int, KnownKey> _keys = [];
    private readonly Dictionary<int, Secret> _values = [];

    private sealed record KnownKey(Guid Id, int? Version, NamedKey? Key);

    /// <summary>Where it would become too much, all is forgotten first.</summary>
    /// <returns>Those of these groups that must be added before any of them is asked for.</returns>
    public int[] Missing(int[] numbers)
    {
        var missing = Array.FindAll(numbers, number => !_groups.ContainsKey(number));
        if (_groups.Count + missing.Length <= MostGroups) return missing;
        Forget();
        return numbers;
    }

    /// <param name="group">Null where a run has nothing to do.</param>
    public void Add(int number, PlanGroup? group) => _groups[number] = group;

    /// <param name="keyId">Null where it cannot be made.</param>
    public void AddMade((KeyKind Kind, string Fingerprint) value, Guid? keyId) => _made[value] = keyId;

    /// <param name="value">Has the fingerprint of the group. One with control characters is not kept: SQLite cuts JSON text at a NUL.</param>
    public void AddValue(int number, Secret value)
    {
        if (value.Length > KeptValues.Longest || !value.IsPrintable) return;
        if (_values.Count == KeptValues.Most && !_values.ContainsKey(number)) _values.Clear();
        _values[number] = value;
    }

    /// <param name="version">Null where there is no such KeyResource any more.</param>
    /// <param name="key">As it is for the group's workspace.</param>
    public void AddKey(int number, Guid keyId, int? version, NamedKey? key) => _keys[number] = new KnownKey(keyId, version, key);

    /// <returns>Whether this key was added for the group, and in this version.</returns>
    public bool KnowsKey(int number, Guid keyId, int? version) => _keys.TryGetValue(number, out var known) && known.Id == keyId && known.Version == version;

    /// <summary>As it was when it was added last.</summary>
    public NamedKey? Key(int number) => _keys[number].Key;

    public Secret? Value(int number) => _values.GetValueOrDefault(number);

    public PlanGroup? Group(int number) => _groups[number];

    /// <returns>Whether the group's KeyResource is made, or found that it cannot be.</returns>
    public bool IsMade(PlanGroup group, out Guid? keyId) => _made.TryGetValue((group.Kind, group.Fingerprint), out keyId);

    public void Forget()
    {
        _groups.Clear();
        _made.Clear();
        _keys.Clear();
        _values.Clear();
    }
}
