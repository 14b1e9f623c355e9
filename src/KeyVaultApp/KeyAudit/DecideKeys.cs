using KeyVaultApp.Domain;

namespace KeyVaultApp.KeyAudit;

/// <summary>Puts together what the rows say of one key, and refuses what cannot be so or contradicts itself.</summary>
internal sealed class DecideKeys(KnownKeys keys, HeldKeys held, ILookup<Guid, Guid> assigned, IReadOnlySet<(Guid KeyId, string Fingerprint)> past, List<RowProblem> problems)
{
    private readonly List<PlannedKey> _create = [];
    private readonly List<PlannedAssignment> _assign = [];
    private readonly Dictionary<string, RowPlace> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NamedKey> _byName = keys.All.ToDictionary(key => Text.Normalize(key.Name));

    public IReadOnlyList<PlannedKey> Create => _create;

    public IReadOnlyList<PlannedAssignment> Assign => _assign;

    public int Left { get; private set; }

    public int Unchanged { get; private set; }

    /// <param name="rows">All of this key.</param>
    public void Add(KeyKind kind, string fingerprint, IReadOnlyList<DecidedRow> rows)
    {
        var before = problems.Count;
        var deciding = rows.Where(row => row.Decision != AuditDecision.Leave).ToList();
        Left += rows.Count - deciding.Count;
        RefuseContradictions(rows, deciding);
        if (deciding is [] || problems.Count > before) return;

        var naming = deciding.Find(row => row.Name is not null);
        var existing = keys.WithValue(kind, fingerprint).ToList();
        if (existing is [] && naming is not null && _byName.TryGetValue(Text.Normalize(naming.Name!), out var replaced) && past.Contains((replaced.Id, fingerprint)))
        {
            // Made of this key once, and given another value since.
            Unchanged++;
            return;
        }

        var key = deciding[0].Decision == AuditDecision.Create ? Made(deciding[0], naming, existing) : Chosen(deciding[0], naming, existing);
        if (problems.Count > before) return;

        var workspaces = Targets(rows, deciding, held.Holders(kind, fingerprint));
        List<Guid> added = key is null ? workspaces : [.. workspaces.Except(assigned[key.Id])];
        if (key is not null && added is [])
        {
            Unchanged++;
            return;
        }

        foreach (var row in deciding.Where(row => !held.Holders(kind, fingerprint).Contains(row.WorkspaceId)))
            problems.Add(row.Place.Problem(Sheets.FingerprintHeading, "No agent of this workspace holds this key any more."));
        if (problems.Count > before) return;
        if (key is null) _create.Add(new PlannedKey(naming!.Name!, kind, deciding.Select(row => row.Provider).FirstOrDefault(one => one is not null), fingerprint, deciding[0].WorkspaceId, added));
        else _assign.Add(new PlannedAssignment(key.Id, key.Name, kind, fingerprint, added));
    }

    private void RefuseContradictions(IReadOnlyList<DecidedRow> rows, List<DecidedRow> deciding)
    {
        void Differ<T>(string heading, string what, IEnumerable<(DecidedRow Row, T Value)> said) where T : notnull
        {
            var all = said.ToList();
            foreach (var other in all.Where(one => !one.Value.Equals(all[0].Value)))
                problems.Add(other.Row.Place.Problem(heading, $"{all[0].Row.Place} says another {what} for the same key."));
        }

        Differ(Sheets.DecisionHeading, "decision", deciding.Select(row => (row, row.Decision)));
        Differ(Sheets.NameHeading, "name", deciding.Where(row => row.Name is not null).Select(row => (row, Text.Normalize(row.Name!))));
        Differ(Sheets.ProviderHeading, "provider", deciding.Where(row => row.Provider is not null).Select(row => (row, row.Provider!)));
        foreach (var twice in rows.GroupBy(row => row.WorkspaceId).Where(same => same.Count() > 1))
            problems.Add(twice.Last().Place.Problem(Sheets.FingerprintHeading, $"The same key of the same workspace as in {twice.First().Place}."));
        foreach (var left in rows.Where(row => row.Decision == AuditDecision.Leave))
            if (deciding.Find(row => row.Assign?.Contains(left.WorkspaceId) is true) is { } other)
                problems.Add(left.Place.Problem(Sheets.DecisionHeading, $"This says leave, and {other.Place} assigns the key to this workspace."));
    }

    /// <returns>The key that the workbook made before; null where it is to be made.</returns>
    private NamedKey? Made(DecidedRow first, DecidedRow? naming, List<NamedKey> existing)
    {
        if (naming is null)
        {
            problems.Add(first.Place.Problem(Sheets.NameHeading, "A name is missing."));
            return null;
        }

        var name = Text.Normalize(naming.Name!);
        if (existing.Find(key => Text.Normalize(key.Name) == name) is { } made) return made;
        if (existing is not [])
            problems.Add(naming.Place.Problem(Sheets.DecisionHeading, $"The key resource {existing[0].Name} holds this key already. Use the existing one."));
        else if (_byName.ContainsKey(name))
            problems.Add(naming.Place.Problem(Sheets.NameHeading, "There is a key resource of this name already (upper and lower case are the same here)."));
        else if (!_names.TryAdd(name, naming.Place))
            problems.Add(naming.Place.Problem(Sheets.NameHeading, $"The same name as in {_names[name]}, for another key."));
        return null;
    }

    private NamedKey? Chosen(DecidedRow first, DecidedRow? naming, List<NamedKey> existing)
    {
        if (naming is not null)
        {
            if (existing.Find(key => Text.Normalize(key.Name) == Text.Normalize(naming.Name!)) is { } named) return named;
            var isThere = _byName.ContainsKey(Text.Normalize(naming.Name!));
            problems.Add(naming.Place.Problem(Sheets.NameHeading, isThere ? "The key resource of this name holds another key." : "There is no key resource of this name."));
            return null;
        }

        var mayUse = existing.Count == 1 ? existing : existing.FindAll(key => assigned[key.Id].Contains(first.WorkspaceId));
        if (mayUse is [var only]) return only;
        problems.Add(existing is []
            ? first.Place.Problem(Sheets.DecisionHeading, "No key resource holds this key.")
            : first.Place.Problem(Sheets.NameHeading, $"Several key resources hold this key. Name the one that is meant: {string.Join(", ", existing.Select(key => key.Name))}."));
        return null;
    }

    /// <summary>Where a row says nothing: its workspace and all others that hold the key, but not those that leave it.</summary>
    private static List<Guid> Targets(IReadOnlyList<DecidedRow> rows, List<DecidedRow> deciding, IReadOnlySet<Guid> holders)
    {
        var left = rows.Where(row => row.Decision == AuditDecision.Leave).Select(row => row.WorkspaceId).ToHashSet();
        return [.. deciding.SelectMany(row => row.Assign ?? [row.WorkspaceId, .. holders.Where(holder => !left.Contains(holder))]).Distinct()];
    }
}
