namespace KeyVaultApp.ArchitectureTests;

/// <summary>What a rule found, and among how many: one that saw nothing proves nothing.</summary>
public sealed record Verdict(int Seen, IReadOnlyList<string> Broken);

/// <summary>The rules of the house over compiled types. Each names the offenders by outermost type.</summary>
public static class Rules
{
    private static readonly string[] MayReveal = ["Encryption", "KeyResolution", "KeyTesting", House.Legacy];
    private static readonly string[] Digests = ["LegacyKeys.Migration.PlanHash"]; // of ids, fingerprints and decisions
    private static readonly string[] Clocks = ["get_Now", "get_UtcNow", "get_Today"];
    private static readonly string[] RawKeys = ["get_TtsKey", "get_SttKey", "get_ElevenlabsKey"];
    private static readonly string[] SealOnly = ["Encryption.SealValues", "Encryption.SealedValue", "Encryption.Fingerprints"];
    private static readonly string[] VagueNames = ["Service", "Manager", "Helper", "Helpers", "Repository", "Dto"];
    private static readonly string[] Frameworks = ["Microsoft.EntityFrameworkCore", "Microsoft.AspNetCore"];
    private static readonly string[] Workbooks = ["ClosedXML", "DocumentFormat.OpenXml"];

    private static readonly string[] Providers =
    [
        "Microsoft.Data.Sqlite", "Microsoft.Data.SqlClient", "Microsoft.SqlServer", "Npgsql", "SQLitePCL",
        "Microsoft.EntityFrameworkCore.Sqlite", "Microsoft.EntityFrameworkCore.SqlServer",
    ];

    public static Verdict KnownFolders(Code code) => new(
        code.Parts.Count,
        Owners(code.Parts.Where(part => part.Folder is null ? !part.IsGenerated : !House.Has(part.Folder))));

    public static Verdict WhoKnowsWhom(Code code) => Uses(code, (folder, use) =>
        use.Folder is { } other && House.Has(folder) && !House.MayKnow(folder, other));

    /// <summary>A digest of what is public keeps no secret; whoever makes one is named here, with what it is of.</summary>
    public static Verdict Cryptography(Code code) => UsesOf(code, (part, use) =>
        part.Folder != "Encryption" && !Digests.Contains(part.Owner) && IsOf(use, "System.Security.Cryptography"));

    public static Verdict Revealing(Code code) => Uses(code, (folder, use) =>
        !MayReveal.Contains(folder) && use is { Type: "Domain.Secret", Member: "Reveal" });

    public static Verdict RevealValues(Code code) => Uses(code, (folder, use) =>
        !MayReveal.Contains(folder) && use.Type == "Encryption.RevealValues");

    public static Verdict RawLegacyKeys(Code code) => Uses(code, (folder, use) =>
        folder is not ("KeyResolution" or House.Legacy) && use.Type == "Domain.LegacyRow" && RawKeys.Contains(use.Member));

    public static Verdict KeysOnlySeal(Code code) => Uses(code, (folder, use) =>
        folder == "Keys" && use.Folder == "Encryption" && !SealOnly.Contains(use.Type));

    public static Verdict ProviderPackages(Code code) => Uses(code, (folder, use) =>
        folder is not ("Storage" or "Migrations") && Providers.Any(package => IsOf(use, package)));

    public static Verdict WorkbookPackages(Code code) => Uses(code, (folder, use) =>
        folder != "KeyAudit" && Workbooks.Any(package => IsOf(use, package)));

    public static Verdict Clock(Code code) => Uses(code, (_, use) =>
        use.Type is "System.DateTime" or "System.DateTimeOffset" && Clocks.Contains(use.Member));

    public static Verdict PlainDomain(Code code) => Uses(code, (folder, use) =>
        folder == "Domain" && Frameworks.Any(framework => IsOf(use, framework)));

    public static Verdict Names(Code code)
    {
        var named = code.Inside.Where(part => !part.IsGenerated).ToArray();
        return new(named.Length, [.. named.Select(part => part.Name).Where(name => VagueNames.Any(vague => Plain(name).EndsWith(vague, StringComparison.Ordinal))).Order(StringComparer.Ordinal)]);
    }

    private static Verdict Uses(Code code, Func<string, Use, bool> isBroken) => UsesOf(code, (part, use) => isBroken(part.Folder!, use));

    private static Verdict UsesOf(Code code, Func<Part, Use, bool> isBroken)
    {
        var inside = code.Inside.ToArray();
        return new(inside.Length, Owners(inside.Where(part => part.Uses.Any(use => isBroken(part, use)))));
    }

    private static string[] Owners(IEnumerable<Part> parts) => [.. parts.Select(part => part.Owner).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>By namespace and by assembly: extension methods of a package often stand in a namespace of another.</summary>
    private static bool IsOf(Use use, string package) => use.Folder is null && (IsUnder(use.Type, package) || IsUnder(use.Assembly, package));

    private static bool IsUnder(string name, string parent) =>
        name.StartsWith(parent, StringComparison.Ordinal) && (name.Length == parent.Length || name[parent.Length] is '.' or '_');

    private static string Plain(string name) => name.Split('`')[0];
}
