using System.Text.Json;
using KeyVaultApp.Domain;

namespace KeyVaultApp.KeyTesting;

/// <summary>What an answer, or the lack of one, says about a key.</summary>
/// <param name="Says">Of the reading that fitted; else the cause gives the sentence.</param>
internal sealed record Finding(TestOutcome Outcome, string? Says, Cause? Cause)
{
    private const int LongestWord = 64;

    public static Finding Of(Cause cause) => new(TestOutcome.Inconclusive, null, cause);

    public static Finding Of(Provider provider, int status, byte[]? body, Secret value)
    {
        var json = body is null ? null : Parse(body);
        foreach (var reading in provider.Readings.Where(reading => reading.Status == status))
        {
            if (reading.Member is not null && (json is null || At(json.Value, reading.Member) is not { } found || !reading.Values.Contains(found, StringComparer.Ordinal))) continue;
            return new Finding(reading.Outcome, WithFact(reading, json, value), null);
        }

        return Of(status switch
        {
            >= 300 and < 400 => KeyTesting.Cause.Redirected,
            429 => KeyTesting.Cause.AskedTooOften,
            >= 500 => KeyTesting.Cause.ProviderTrouble,
            _ when body is not null && json is null => KeyTesting.Cause.Garbled,
            _ => KeyTesting.Cause.Unexpected,
        });
    }

    private static string WithFact(Reading reading, JsonElement? json, Secret value)
    {
        if (reading.Fact is not { } fact || json is null || At(json.Value, fact.Member) is not { } text) return reading.Says;
        var word = fact.Pattern.Match(text) is { Success: true, Groups: var groups } && groups.Count > 1 ? groups[1].Value : "";
        var isPlain = word.Length is > 0 and <= LongestWord && word.All(character => character is (>= 'a' and <= 'z') or '_');
        return isPlain && !Overlap(value.Reveal(), word)
            ? $"{reading.Says} {fact.Says.Replace("{0}", word, StringComparison.Ordinal)}"
            : reading.Says;
    }

    private static bool Overlap(string value, string word) =>
        value.Contains(word, StringComparison.OrdinalIgnoreCase) || word.Contains(value, StringComparison.OrdinalIgnoreCase);

    private static JsonElement? Parse(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <returns>The text at a path of members; null where there is none.</returns>
    private static string? At(JsonElement json, string path)
    {
        foreach (var member in path.Split('.'))
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(member, out json))
                return null;
        return json.ValueKind == JsonValueKind.String ? json.GetString() : null;
    }
}
