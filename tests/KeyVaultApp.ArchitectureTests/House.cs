namespace KeyVaultApp.ArchitectureTests;

/// <summary>Who may know whom. A folder that is not listed here may not be.</summary>
public static class House
{
    /// <summary>Types directly in the root: they put the house together, so they may know everybody.</summary>
    public const string Composition = "(composition)";

    public const string Legacy = "LegacyKeys";

    private static readonly string[] Shared = ["Domain", "Storage", "Web", "Activity", "Rollout"];

    private static readonly string[] Slices =
        ["Workspaces", "Keys", "KeyTesting", "Agents", "KeyResolution", "Rollout", "KeyAudit", "Activity", "Accounts", "Dashboard"];

    private static readonly Dictionary<string, string[]> Table = new(StringComparer.Ordinal)
    {
        // What it stands on
        ["Domain"] = [],
        ["Web"] = [],
        ["Storage"] = ["Domain"],
        ["Encryption"] = ["Domain", "Storage"],
        ["Migrations"] = ["Domain", "Storage"],

        // What the app does
        ["Activity"] = ["Domain", "Storage", "Web"],
        ["Rollout"] = ["Domain", "Storage", "Web", "Activity"],
        ["Accounts"] = [.. Shared, "Encryption"],
        ["Workspaces"] = Shared,
        ["Keys"] = [.. Shared, "Accounts", "Workspaces", "Encryption"],
        ["Agents"] = [.. Shared, "Accounts", "Workspaces", "Keys"],
        ["KeyResolution"] = ["Domain", "Storage", "Activity", "Rollout", "Encryption"],
        ["KeyTesting"] = ["Domain", "Storage", "Web", "Activity", "Keys", "KeyResolution", "Encryption"],
        ["KeyAudit"] = ["Domain", "Storage", "Web", "Activity", "Workspaces", "Keys"],
        ["Dashboard"] = ["Domain", "Storage", "Web", .. Slices],
        ["Cli"] = ["Domain", "Storage", "Web", "Encryption", .. Slices, Composition],
    };

    public static bool Has(string folder) => folder is Composition or Legacy || Table.ContainsKey(folder);

    /// <summary>Nobody but the composition knows <see cref="Legacy"/>, so that it can leave in one piece; it may know everybody.</summary>
    public static bool MayKnow(string folder, string other) =>
        folder == other || folder is Composition or Legacy || (Table.TryGetValue(folder, out var known) && known.Contains(other, StringComparer.Ordinal));
}
