using KeyVaultApp.Domain;

namespace KeyVaultApp.LegacyKeys;

/// <summary>
/// What was found out about the values that were met last. A fleet has far fewer keys than slots, so most is found out once. It
/// keeps values, together a few megabytes at the most: whoever has it lives no longer than one reading.
/// </summary>
internal sealed class RecentValues<T>(Func<KeyKind, Secret, T> find)
{
    private readonly Dictionary<(KeyKind Kind, string Value), T> _recent = [];

    public T Of(KeyKind kind, Secret value)
    {
        if (_recent.TryGetValue((kind, value.Reveal()), out var known)) return known;
        var found = find(kind, value);
        if (value.Length > KeptValues.Longest) return found;
        if (_recent.Count == KeptValues.Most) _recent.Clear();
        _recent.Add((kind, value.Reveal()), found);
        return found;
    }
}

/// <summary>How many values may be kept in memory in one place, and how long: a few megabytes together.</summary>
internal static class KeptValues
{
    public const int Most = 10_000;
    public const int Longest = 256;
}
