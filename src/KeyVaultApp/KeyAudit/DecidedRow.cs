using KeyVaultApp.Domain;
using KeyVaultApp.Keys;

namespace KeyVaultApp.KeyAudit;

internal enum AuditDecision
{
    Create,
    UseExisting,
    Leave,
}

/// <summary>Where a row stands, to say what is wrong with it.</summary>
internal sealed record RowPlace(ReturnedSheet Sheet, int Row)
{
    public RowProblem Problem(string heading, string message) => new(Sheet.Name, Row, $"{Sheet.Columns[heading]} ({heading})", message);

    public override string ToString() => $"{Sheet.Name}, row {Row}";
}

/// <summary>A row that is right in itself.</summary>
/// <param name="Assign">Null where nothing is said: this workspace and the others that hold the key.</param>
internal sealed record DecidedRow(
    RowPlace Place, Guid WorkspaceId, KeyKind Kind, string Fingerprint, AuditDecision Decision, string? Name, string? Provider, IReadOnlyList<Guid>? Assign);

/// <summary>Reads what was typed into each row by itself.</summary>
internal sealed class DecideRows(IReadOnlyDictionary<Guid, string> workspaces, IReadOnlyList<KeyProvider> providers, List<RowProblem> problems)
{
    private const int FingerprintLength = 64;
    private static readonly char[] Separators = [';', '\n'];

    private readonly Dictionary<string, Guid> _byName = workspaces.ToDictionary(workspace => Text.Normalize(workspace.Value), workspace => workspace.Key);

    public IReadOnlyList<DecidedRow> Run(IEnumerable<ReturnedSheet> sheets) =>
        [.. sheets.SelectMany(sheet => sheet.Rows.Select(row => Read(new RowPlace(sheet, row.Row), row))).OfType<DecidedRow>()];

    private DecidedRow? Read(RowPlace place, ReturnedRow row)
    {
        var before = problems.Count;
        void Refuse(string heading, string message) => problems.Add(place.Problem(heading, message));

        if (!Guid.TryParseExact(row.WorkspaceId, "D", out var workspace)) Refuse(Sheets.WorkspaceIdHeading, "This is not what the workbook went out with. Download it anew.");
        else if (!workspaces.ContainsKey(workspace)) Refuse(Sheets.WorkspaceIdHeading, "This workspace is not there any more.");
        var kind = KeyKinds.All.Cast<KeyKind?>().FirstOrDefault(one => string.Equals(one!.Value.Label(), row.Kind, StringComparison.OrdinalIgnoreCase));
        if (kind is null) Refuse(Sheets.KindHeading, $"One of {string.Join(", ", KeyKinds.All.Select(one => one.Label()))} is expected.");
        if (row.Fingerprint is not { Length: FingerprintLength } fingerprint || !fingerprint.All(char.IsAsciiHexDigitLower))
        {
            Refuse(Sheets.FingerprintHeading, "This is not what the workbook went out with. Download it anew.");
            fingerprint = "";
        }

        var decision = Decision(row.Decision);
        if (decision is null) Refuse(Sheets.DecisionHeading, $"One of {string.Join(", ", Sheets.Decisions)} is expected{(row.Decision is null ? ", since other cells of the row are filled in" : "")}.");
        if (row.Name is { } name && KeyNames.WhyNot(name) is { } wrong) Refuse(Sheets.NameHeading, wrong);
        if (row.Provider is { } provider && WhyNot(provider) is { } why) Refuse(Sheets.ProviderHeading, why);
        var assign = decision == AuditDecision.Leave ? null : Assign(row.Assign, Refuse);
        return problems.Count == before ? new DecidedRow(place, workspace, kind!.Value, fingerprint, decision!.Value, row.Name, row.Provider, assign) : null;
    }

    private static AuditDecision? Decision(string? text) => text?.ToLowerInvariant() switch
    {
        Sheets.Create => AuditDecision.Create,
        Sheets.UseExisting => AuditDecision.UseExisting,
        Sheets.Leave => AuditDecision.Leave,
        _ => null,
    };

    private string? WhyNot(string provider) =>
        KeyNames.WhyNotProvider(provider)
        ?? (providers.Any(one => one.Name == provider && one.NeedsRegion) ? $"{provider} needs a region, which this workbook does not ask for. Leave it empty, and name both when the value is replaced." : null);

    /// <summary>A workspace may have a semicolon in its name, so the whole text is tried first.</summary>
    private List<Guid>? Assign(string? text, Action<string, string> refuse)
    {
        if (text is null) return null;
        if (Find(text) is { } one) return [one];
        var found = new List<Guid>();
        foreach (var (index, name) in text.Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Index())
        {
            if (Find(name) is { } workspace) found.Add(workspace);
            else refuse(Sheets.AssignHeading, $"There is no such workspace: number {index + 1} of those named.");
        }

        return [.. found.Distinct()];
    }

    private Guid? Find(string idOrName) =>
        Guid.TryParseExact(idOrName, "D", out var id) && workspaces.ContainsKey(id) ? id
        : _byName.TryGetValue(Text.Normalize(idOrName), out var named) ? named : null;
}
