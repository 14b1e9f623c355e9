using System.Text.RegularExpressions;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;

namespace KeyVaultApp.KeyTesting;

/// <summary>Reads <c>Providers:&lt;name&gt;</c>. What cannot be used stops the start, and the message names the setting.</summary>
internal static partial class ProviderSettings
{
    /// <summary>What a form calls every provider that is not in the settings.</summary>
    public const string Other = "other";

    private static readonly string[] Known =
    [
        "Enabled", "Title", "Kinds", "BaseUrl", "Path", "Header", "Prefix", "Headers", "NeedsRegion", "Shape", "Readings", "AllowPrivateNetwork", "TimeLimit",
    ];

    private static readonly string[] KnownOfReading = ["Status", "Member", "Values", "Outcome", "Says", "FactMember", "FactPattern", "FactSays"];
    private static readonly TimeSpan LongestTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PatternLimit = TimeSpan.FromMilliseconds(100);

    /// <returns>Null where it is switched off.</returns>
    public static Provider? Read(IConfigurationSection section)
    {
        var name = section.Key.ToLowerInvariant();
        if (!Name().IsMatch(name) || name == Other) throw new ConfigurationException(section.Path, "is no name of a provider: use small letters, digits and hyphens, and not 'other'.");
        RequireKnown(section, Known);
        if (!Flag(section, "Enabled", otherwise: true)) return null;

        var allowsPrivate = Flag(section, "AllowPrivateNetwork", otherwise: false);
        var title = section["Title"].NullIfBlank() ?? name;
        var (baseUrl, needsRegion) = (BaseUrl(section, allowsPrivate), Flag(section, "NeedsRegion", otherwise: false));
        if (baseUrl.Contains(Provider.RegionMark, StringComparison.Ordinal) && !needsRegion) throw Bad(section, "NeedsRegion", "must be true where BaseUrl has {region}.");
        return new Provider(
            name, title, Kinds(section), baseUrl, Path(section), HeaderName(section.GetSection("Header"), Required(section, "Header")), HeaderText(section.GetSection("Prefix"), section["Prefix"] ?? ""),
            section.GetSection("Headers").GetChildren().ToDictionary(header => HeaderName(header, header.Key), header => HeaderText(header, header.Value ?? "")),
            needsRegion, Pattern(section, "Shape"), Readings(section, title), allowsPrivate, TimeLimit(section));
    }

    private static List<KeyKind> Kinds(IConfigurationSection section)
    {
        List<KeyKind> kinds = [.. section.GetSection("Kinds").GetChildren().Select(kind => KeyKinds.Parse(kind.Value) ?? throw new ConfigurationException(kind.Path, "must be tts, stt or elevenlabs."))];
        return kinds is [] ? throw Bad(section, "Kinds", "is missing: say which of tts, stt and elevenlabs its keys are for.") : kinds;
    }

    private static string BaseUrl(IConfigurationSection section, bool allowsPrivate)
    {
        var text = Required(section, "BaseUrl");
        if (!Uri.TryCreate(text.Replace(Provider.RegionMark, "region", StringComparison.Ordinal), UriKind.Absolute, out var url)
            || url is not { Query: "", Fragment: "", UserInfo: "" } || url.Scheme is not ("https" or "http"))
            throw Bad(section, "BaseUrl", "must be an https address without user, query or fragment.");
        if (url.Scheme == Uri.UriSchemeHttp && !allowsPrivate)
            throw Bad(section, "BaseUrl", "is http, and keys go over https only, unless AllowPrivateNetwork of the same provider is true.");
        var host = text.Split("//", 2)[1].Split('/')[0];
        if (text.Contains(Provider.RegionMark, StringComparison.Ordinal) && !host.Contains(Provider.RegionMark, StringComparison.Ordinal))
            throw Bad(section, "BaseUrl", "has {region} outside of the host.");
        return text;
    }

    private static string Path(IConfigurationSection section)
    {
        var path = Required(section, "Path");
        return path.StartsWith('/') && !path.Contains('#') && Visible().IsMatch(path) ? path : throw Bad(section, "Path", "must begin with a slash and be plain ASCII.");
    }

    private static string HeaderName(IConfigurationSection section, string name)
    {
        using var request = new HttpRequestMessage();
        var isFramework = name.ToLowerInvariant() is "host" or "connection" or "transfer-encoding" or "expect" or "upgrade" or "te" or "trailer" or "proxy-authorization";
        return !isFramework && HeaderToken().IsMatch(name) && request.Headers.TryAddWithoutValidation(name, "value")
            ? name
            : throw new ConfigurationException(section.Path, "is no name of a request header that can be sent.");
    }

    private static string HeaderText(IConfigurationSection section, string text) =>
        text.All(character => character is >= ' ' and <= '~') ? text : throw new ConfigurationException(section.Path, "must be plain ASCII.");

    private static TimeSpan TimeLimit(IConfigurationSection section)
    {
        if (section["TimeLimit"] is not { } text) return LongestTime;
        return TimeSpan.TryParse(text, out var limit) && limit > TimeSpan.Zero && limit <= LongestTime ? limit : throw Bad(section, "TimeLimit", "must be a time such as 00:00:05, at most 00:00:10.");
    }

    private static List<Reading> Readings(IConfigurationSection section, string title)
    {
        List<Reading> readings = [.. section.GetSection("Readings").GetChildren().Select(reading => ReadReading(reading, title))];
        return readings.Exists(reading => reading.Outcome == TestOutcome.Valid) ? readings : throw Bad(section, "Readings", "must say which answer means that a key is valid.");
    }

    private static Reading ReadReading(IConfigurationSection section, string title)
    {
        RequireKnown(section, KnownOfReading);
        if (!int.TryParse(section["Status"], out var status) || status is < 200 or > 599) throw Bad(section, "Status", "must be an HTTP status from 200 to 599.");
        var outcome = Required(section, "Outcome") switch
        {
            "valid" => TestOutcome.Valid,
            "rejected" => TestOutcome.Rejected,
            "inconclusive" => TestOutcome.Inconclusive,
            _ => throw Bad(section, "Outcome", "must be valid, rejected or inconclusive."),
        };
        List<string> values = [.. section.GetSection("Values").GetChildren().Select(value => value.Value ?? "")];
        var member = section["Member"].NullIfBlank();
        if (member is null != values is []) throw Bad(section, member is null ? "Member" : "Values", "is missing: Member and Values go together.");
        return new Reading(status, member, values, outcome, section["Says"].NullIfBlank() ?? AnswerWords.Of(outcome, title), ReadFact(section));
    }

    private static Fact? ReadFact(IConfigurationSection section)
    {
        if (section["FactMember"].NullIfBlank() is not { } member) return null;
        if (section["Member"].NullIfBlank() is null) throw Bad(section, "Member", "is missing: FactMember needs a reading of the body.");
        var says = Required(section, "FactSays");
        if (!says.Contains("{0}", StringComparison.Ordinal)) throw Bad(section, "FactSays", "must have {0} where the word goes.");
        return new Fact(member, Pattern(section, "FactPattern") ?? throw Bad(section, "FactPattern", "is missing."), says);
    }

    private static Regex? Pattern(IConfigurationSection section, string key)
    {
        if (section[key] is not { Length: > 0 } pattern) return null;
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, PatternLimit);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw Bad(section, key, $"is no regular expression that can be used here: {e.Message}");
        }
    }

    private static void RequireKnown(IConfigurationSection section, string[] known)
    {
        foreach (var setting in section.GetChildren())
            if (!known.Contains(setting.Key, StringComparer.OrdinalIgnoreCase))
                throw new ConfigurationException(setting.Path, $"is not known. There are: {string.Join(", ", known)}.");
    }

    private static bool Flag(IConfigurationSection section, string key, bool otherwise) =>
        section[key] is not { Length: > 0 } text ? otherwise : bool.TryParse(text, out var flag) ? flag : throw Bad(section, key, "must be true or false.");

    private static string Required(IConfigurationSection section, string key) => section[key].NullIfBlank() ?? throw Bad(section, key, "is missing.");

    private static ConfigurationException Bad(IConfigurationSection section, string key, string problem) => new($"{section.Path}:{key}", problem);

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,49}\\z", RegexOptions.None, matchTimeoutMilliseconds: 100)]
    private static partial Regex Name();

    [GeneratedRegex("^[A-Za-z0-9-]{1,64}\\z", RegexOptions.None, matchTimeoutMilliseconds: 100)]
    private static partial Regex HeaderToken();

    [GeneratedRegex("^[!-~]+\\z", RegexOptions.None, matchTimeoutMilliseconds: 100)]
    private static partial Regex Visible();
}
