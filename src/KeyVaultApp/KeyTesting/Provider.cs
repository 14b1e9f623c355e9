using System.Text.RegularExpressions;
using KeyVaultApp.Domain;

namespace KeyVaultApp.KeyTesting;

/// <summary>A provider whose keys can be tested, as its settings describe it: <c>Providers:&lt;name&gt;</c>.</summary>
/// <param name="BaseUrl">Scheme and host, with <c>{region}</c> where the host depends on it.</param>
/// <param name="Header">Carries the key, behind <paramref name="Prefix"/>.</param>
/// <param name="Shape">What its keys usually look like. A pattern, not a promise: a mismatch warns.</param>
/// <param name="Readings">How answers read; the first that fits holds.</param>
/// <param name="AllowPrivateNetwork">Whether it may stand on loopback or in a private network, and be asked without TLS.</param>
public sealed partial record Provider(
    string Name, string Title, IReadOnlyList<KeyKind> Kinds, string BaseUrl, string Path, string Header, string Prefix, IReadOnlyDictionary<string, string> Headers,
    bool NeedsRegion, Regex? Shape, IReadOnlyList<Reading> Readings, bool AllowPrivateNetwork, TimeSpan TimeLimit)
{
    public const string RegionMark = "{region}";

    /// <returns>Null where the region that is needed is missing or is none: it becomes part of a host name, so it is checked here again.</returns>
    internal Uri? Address(string? region)
    {
        if (NeedsRegion && (region is null || !Region().IsMatch(region))) return null;
        return new Uri(BaseUrl.Replace(RegionMark, region, StringComparison.Ordinal).TrimEnd('/') + Path);
    }

    /// <summary>Readings that look into the body make it worth reading; no other body is read at all.</summary>
    internal bool ReadsBodyOf(int status) => Readings.Any(reading => reading.Status == status && reading.Member is not null);

    [GeneratedRegex("^[a-z0-9]{2,32}\\z", RegexOptions.None, matchTimeoutMilliseconds: 100)]
    private static partial Regex Region();
}

/// <summary>What an answer with this status means, where the body holds one of these values at this place, if a place is named.</summary>
/// <param name="Member">A path of JSON members, such as <c>detail.status</c>.</param>
/// <param name="Says">The sentence that people read.</param>
/// <param name="Fact">A word of the answer that is worth telling.</param>
public sealed record Reading(int Status, string? Member, IReadOnlyList<string> Values, TestOutcome Outcome, string Says, Fact? Fact);

/// <summary>
/// Takes one word out of the answer: the first group of the pattern at this place. An answer is never shown as it is, so the
/// word is small letters and underscores, and nothing of the key.
/// </summary>
/// <param name="Says">With <c>{0}</c> for the word.</param>
public sealed record Fact(string Member, Regex Pattern, string Says);
