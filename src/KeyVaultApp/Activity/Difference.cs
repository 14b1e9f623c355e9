using System.Text.Json;

namespace KeyVaultApp.Activity;

/// <summary>What an entry says was changed, member by member.</summary>
public sealed record Difference(string Member, string? Before, string? After)
{
    private const int ItemsShown = 5;

    public static IReadOnlyList<Difference> Of(JsonElement? before, JsonElement? after)
    {
        var (old, now) = (Members(before), Members(after));
        return [.. old.Keys.Union(now.Keys)
            .Select(member => new Difference(member, old.GetValueOrDefault(member), now.GetValueOrDefault(member)))
            .Where(change => change.Before != change.After)];
    }

    private static Dictionary<string, string?> Members(JsonElement? json) => json is { ValueKind: JsonValueKind.Object } known
        ? known.EnumerateObject().ToDictionary(member => member.Name, member => Text(member.Value))
        : [];

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Array when value.GetArrayLength() == 0 => "none",
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Take(ItemsShown).Select(Text))
            + (value.GetArrayLength() > ItemsShown ? $" and {value.GetArrayLength() - ItemsShown} more" : ""),
        _ => value.GetRawText(),
    };
}
