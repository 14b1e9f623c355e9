using System.Text.Json.Nodes;

namespace KeyVaultApp.IntegrationTests.Web;

/// <summary>Every way in which a field can be wrong, with something in it that no answer may repeat.</summary>
internal static class BadValues
{
    /// <summary>Stands in the text of every bad value that has a text.</summary>
    public const string Mark = "qZ7-never-echoed-Xv3";

    private static readonly string[] Unprintable = [$"{Mark}\u0001", $"\u0000{Mark}", $"{Mark}\u202Eturned", $"{Mark}\u2066", $"{Mark}\u2028", $"{Mark}\uFFFE"];

    public static IEnumerable<(string How, JsonNode? Value)> Of(Field field, BodyWorld world)
    {
        yield return ("an object", new JsonObject { [Mark] = Mark });
        if (field.Is is not (FieldIs.Ids or FieldIs.Words)) yield return ("a list", new JsonArray(Mark));
        if (field.Is is not FieldIs.Flag) yield return ("a flag", true);
        if (field.Is is not FieldIs.Version) yield return ("a number", 7);
        if (field.IsRequired) yield return ("null", null);
        foreach (var bad in OfKind(field, world)) yield return bad;
    }

    /// <summary>JSON that is no text: half of a surrogate pair.</summary>
    public static bool TakesText(Field field) => field.Is is FieldIs.Name or FieldIs.Text or FieldIs.Notes or FieldIs.Slug or FieldIs.Value or FieldIs.OldKey;

    private static IEnumerable<(string, JsonNode?)> OfKind(Field field, BodyWorld world)
    {
        var tooLong = field.Longest == 0 ? null : Mark + new string('x', field.Longest - Mark.Length + 1);
        if (tooLong is not null) yield return ("too long", tooLong);
        switch (field.Is)
        {
            case FieldIs.Name:
                yield return ("empty", "");
                yield return ("blank", " \t ");
                foreach (var text in Unprintable) yield return ("unprintable", text);
                break;
            case FieldIs.Text or FieldIs.Notes:
                foreach (var text in Unprintable) yield return ("unprintable", text);
                break;
            case FieldIs.Slug:
                foreach (var text in new[] { "", " ", $"{Mark} with blanks", "Größe", "🔑", $"a\n{Mark}" }) yield return ("no word", text);
                break;
            case FieldIs.Value:
                foreach (var text in new[] { "", "  ", $"{Mark}\n", $" {Mark}", $"{Mark}\u0001", $"{Mark}é", $"{Mark}🔑", $"مفتاح{Mark}", "••••••••1234", "***" }) yield return ("no value", text);
                break;
            case FieldIs.OldKey:
                foreach (var text in new[] { $"{Mark}\u0001", $"{Mark}\nx", $"\u0000{Mark}" }) yield return ("control characters", text);
                yield return ("the id of a foreign key", world.Foreign.ToString());
                break;
            case FieldIs.Id:
                foreach (var text in new[] { Mark, "", world.Key.ToString("N"), $"{{{world.Key}}}", $" {world.Key}" }) yield return ("no id", text);
                yield return ("unknown", Guid.NewGuid().ToString());
                if (field.Name != "workspace_id") yield return ("foreign", world.Foreign.ToString());
                break;
            case FieldIs.Ids:
                yield return ("no list", Mark);
                yield return ("no ids", new JsonArray(Mark));
                yield return ("nulls", new JsonArray((JsonNode?)null));
                yield return ("unknown", new JsonArray(Guid.NewGuid().ToString()));
                break;
            case FieldIs.Version:
                foreach (var version in new[] { 0, -1, 99 }) yield return ("stale", version);
                yield return ("text", "1");
                yield return ("a fraction", 1.5);
                yield return ("too large", 99_999_999_999);
                break;
            case FieldIs.Word:
                foreach (var text in new[] { Mark, "", "0", "1" }) yield return ("no such word", text);
                break;
            case FieldIs.Words:
                yield return ("no list", "tts");
                yield return ("no such word", new JsonArray(Mark));
                yield return ("a number within", new JsonArray(1));
                break;
            case FieldIs.Time:
                foreach (var text in new[] { Mark, "", "tomorrow", "2999-13-01T00:00:00Z", "01.02.2999" }) yield return ("no time", text);
                break;
            case FieldIs.Flag:
                yield return ("text", "true");
                break;
        }
    }
}
