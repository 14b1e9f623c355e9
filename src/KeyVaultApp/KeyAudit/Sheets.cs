using KeyVaultApp.Domain;

namespace KeyVaultApp.KeyAudit;

/// <summary>What a column is to whoever works with the workbook.</summary>
internal enum ColumnUse
{
    Text,
    Number,

    /// <summary>Text that may be long: it stays in its cell.</summary>
    Several,

    /// <summary>Left to fill in.</summary>
    Fill,

    /// <summary>What the product recognises a row by.</summary>
    Hidden,
}

internal sealed record SheetColumn(string Heading, double Width, ColumnUse Use = ColumnUse.Text);

/// <summary>A sheet of rows. Its headings are what the way back finds columns by.</summary>
internal sealed record SheetOfRows(string Name, IReadOnlyList<SheetColumn> Columns);

/// <summary>The sheets of the workbook, in one place for the way out and the way back.</summary>
internal static class Sheets
{
    public const string ReadMe = "Read me";
    public const string DistinctKeysName = "Distinct keys";

    public const string WorkspaceHeading = "Workspace";
    public const string KindHeading = "Kind";
    public const string NameHeading = "Resource name";
    public const string ProviderHeading = "Provider";
    public const string AssignHeading = "Assign to workspaces";
    public const string DecisionHeading = "Decision";
    public const string WorkspaceIdHeading = "Workspace id";
    public const string FingerprintHeading = "Full fingerprint";

    public const string Create = "create";
    public const string UseExisting = "use existing";
    public const string Leave = "leave";

    public static readonly IReadOnlyList<string> Decisions = [Create, UseExisting, Leave];

    public static readonly SheetOfRows Summary = new("Summary",
    [
        new(WorkspaceHeading, 32), new("Phase", 24), new(KindHeading, 12), new("Agents", 10, ColumnUse.Number), new("Legacy", 10, ColumnUse.Number),
        new("Reference", 11, ColumnUse.Number), new("Empty", 10, ColumnUse.Number), new("Broken", 10, ColumnUse.Number),
        new("Distinct legacy keys", 20, ColumnUse.Number), new("with a resource", 16, ColumnUse.Number), new("without one", 14, ColumnUse.Number),
    ]);

    public static readonly SheetOfRows Agents = new("Agents",
    [
        new(WorkspaceHeading, 26), new("Agent", 30), new("External id", 22),
        .. KeyKinds.All.SelectMany(kind => new SheetColumn[]
        {
            new($"{kind.Label()} state", 20), new($"{kind.Label()} value", 14), new($"{kind.Label()} fingerprint", 18), new($"{kind.Label()} key resource", 26),
        }),
    ]);

    public static readonly SheetOfRows DistinctKeys = new(DistinctKeysName,
    [
        new(WorkspaceHeading, 26), new(KindHeading, 12), new("Value", 12), new("Fingerprint", 13), new("Agents", 9, ColumnUse.Number), new("Also held in", 30, ColumnUse.Several),
        new("Existing key resource", 26, ColumnUse.Several), new("Suggested name", 28), new("Findings", 34, ColumnUse.Several),
        new(NameHeading, 30, ColumnUse.Fill), new(ProviderHeading, 16, ColumnUse.Fill), new(AssignHeading, 34, ColumnUse.Fill), new(DecisionHeading, 15, ColumnUse.Fill),
        new(WorkspaceIdHeading, 38, ColumnUse.Hidden), new(FingerprintHeading, 66, ColumnUse.Hidden),
    ]);

    public static readonly SheetOfRows SharedKeys = new("Shared keys",
    [
        new(KindHeading, 12), new("Value", 12), new("Fingerprint", 13), new("Workspaces", 12, ColumnUse.Number), new("Agents", 9, ColumnUse.Number),
        new("Held in", 46, ColumnUse.Several), new("Existing key resource", 26, ColumnUse.Several), new("Suggested name", 20), new("Findings", 34, ColumnUse.Several),
    ]);
}
