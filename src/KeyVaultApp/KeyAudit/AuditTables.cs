using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.KeyAudit;

/// <summary>
/// What gathers while the agents are read, in temporary tables of a connection of its own: a fleet may hold more distinct
/// keys than memory. Groups go there in parts and are put together by the database, by fingerprint and never by value.
/// </summary>
internal sealed class AuditTables
{
    private const int MostGroupsInMemory = 20_000;

    private static readonly BulkColumn[] FoundColumns =
    [
        new("workspace_no", BulkType.Number), new("workspace_id", BulkType.Id), new("workspace", BulkType.Text, Workspace.NameMaxLength),
        new("kind", BulkType.Number), new("fingerprint", BulkType.Text, 64), new("last4", BulkType.Text, 4), new("findings", BulkType.Number),
        new("assigned", BulkType.Number), new("asked", BulkType.Number), new("existing", BulkType.Text, 2000), new("agents", BulkType.Number),
    ];

    private static readonly BulkColumn[] DistinctColumns =
        [new("row_no", BulkType.Number), .. FoundColumns, new("holder", BulkType.Number), new("holders", BulkType.Number), new("all_agents", BulkType.Number)];

    private static readonly BulkColumn[] SharedColumns =
        [new("row_no", BulkType.Number), new("number", BulkType.Number), new("kind", BulkType.Number), new("fingerprint", BulkType.Text, 64)];

    private static readonly BulkColumn[] CountColumns =
    [
        new("workspace_no", BulkType.Number), new("workspace", BulkType.Text, Workspace.NameMaxLength), new("phase", BulkType.Number), new("kind", BulkType.Number),
        new("legacy", BulkType.Number), new("reference", BulkType.Number), new("empty_slots", BulkType.Number), new("broken", BulkType.Number),
    ];

    private sealed class Group(AuditedSlot slot)
    {
        public AuditedSlot Slot { get; } = slot;
        public long Agents { get; set; }
    }

    private readonly Dictionary<(AuditedWorkspace Workspace, KeyKind Kind, string Fingerprint), Group> _groups = [];
    private readonly Dictionary<(AuditedWorkspace Workspace, KeyKind Kind), long[]> _counts = [];
    private readonly KeyVaultDb _aside;
    private readonly string _found;
    private readonly string _distinct;
    private readonly string _shared;
    private readonly string _countsTable;

    private AuditTables(KeyVaultDb aside, string found, string distinct, string shared, string counts) =>
        (_aside, _found, _distinct, _shared, _countsTable) = (aside, found, distinct, shared, counts);

    /// <param name="aside">A connection on which nothing else is going on, in a transaction.</param>
    public static async Task<AuditTables> CreateAsync(KeyVaultDb aside, CancellationToken ct) => new(
        aside,
        await aside.CreateTemporaryTableAsync("key_audit_found", FoundColumns, ct),
        await aside.CreateTemporaryTableAsync("key_audit_distinct", DistinctColumns, ct),
        await aside.CreateTemporaryTableAsync("key_audit_shared", SharedColumns, ct),
        await aside.CreateTemporaryTableAsync("key_audit_counts", CountColumns, ct));

    public async ValueTask AddAsync(AuditedAgent agent, CancellationToken ct)
    {
        foreach (var (index, kind) in KeyKinds.All.Index())
        {
            var slot = agent.Slots[index];
            if (agent.Workspace.IsAsked)
            {
                if (!_counts.TryGetValue((agent.Workspace, kind), out var counts)) _counts.Add((agent.Workspace, kind), counts = new long[4]);
                counts[(int)slot.State]++;
            }

            if (slot.Raw is not { } raw) continue;
            if (!_groups.TryGetValue((agent.Workspace, kind, raw.Fingerprint), out var group)) _groups.Add((agent.Workspace, kind, raw.Fingerprint), group = new Group(slot));
            group.Agents++;
        }

        if (_groups.Count + _counts.Count > MostGroupsInMemory) await PutAwayAsync(ct);
    }

    /// <summary>All agents are added: puts the groups together, and numbers them in the order of the sheets.</summary>
    public async Task CompleteAsync(CancellationToken ct)
    {
        await PutAwayAsync(ct);
        const string group = "workspace_no, workspace_id, workspace, kind, fingerprint";
        await ExecuteAsync(
            $"""
            INSERT INTO {_distinct} (row_no, {group}, last4, findings, assigned, asked, existing, agents, holder, holders, all_agents)
            SELECT ROW_NUMBER() OVER (ORDER BY asked DESC, workspace_no, kind, agents DESC, fingerprint), {group}, last4, findings, assigned, asked, existing, agents,
                   ROW_NUMBER() OVER (PARTITION BY kind, fingerprint ORDER BY workspace_no),
                   COUNT(*) OVER (PARTITION BY kind, fingerprint), SUM(agents) OVER (PARTITION BY kind, fingerprint)
            FROM (
                SELECT {group}, MAX(last4) AS last4, MAX(findings) AS findings, MAX(assigned) AS assigned, MAX(asked) AS asked, MAX(existing) AS existing, SUM(agents) AS agents
                FROM {_found} GROUP BY {group}
            ) g
            """, ct);
        await ExecuteAsync($"CREATE INDEX ix_key_audit_distinct_key ON {_distinct} (fingerprint, kind, holder)", ct);
        await ExecuteAsync(
            $"""
            INSERT INTO {_shared} (row_no, number, kind, fingerprint)
            SELECT ROW_NUMBER() OVER (ORDER BY kind, number), number, kind, fingerprint FROM (
                SELECT ROW_NUMBER() OVER (PARTITION BY kind ORDER BY holders DESC, fingerprint) AS number, kind, fingerprint FROM {_distinct} WHERE holder = 1 AND holders > 1
            ) n WHERE EXISTS (SELECT 1 FROM {_distinct} d WHERE d.kind = n.kind AND d.fingerprint = n.fingerprint AND d.asked = 1)
            """, ct);
        await ExecuteAsync($"CREATE INDEX ix_key_audit_distinct_row ON {_distinct} (row_no)", ct);
        await ExecuteAsync($"CREATE INDEX ix_key_audit_shared_key ON {_shared} (fingerprint, kind)", ct);
        await ExecuteAsync($"CREATE INDEX ix_key_audit_shared_row ON {_shared} (row_no)", ct);
    }

    public AuditRows Rows => new(_aside, _distinct, _shared, _countsTable);

    private async Task PutAwayAsync(CancellationToken ct)
    {
        await _aside.BulkInsertAsync(_found, FoundColumns, _groups.Select(group => Values(group.Key, group.Value)).ToAsyncEnumerable(), ct);
        await _aside.BulkInsertAsync(_countsTable, CountColumns, _counts.Select(Values).ToAsyncEnumerable(), ct);
        _groups.Clear();
        _counts.Clear();
    }

    private static object?[] Values((AuditedWorkspace Workspace, KeyKind Kind, string Fingerprint) key, Group group)
    {
        var (raw, same) = (group.Slot.Raw!, group.Slot.RawKeys!);
        // A UUID that were a KeyResource's would not be a raw key.
        var findings = raw.Findings | (raw.KeyId is null ? HygieneFindings.None : HygieneFindings.UnknownId);
        return
        [
            (long)key.Workspace.Number, key.Workspace.Id, key.Workspace.Name, (long)key.Kind, key.Fingerprint, raw.Last4, (long)findings,
            same.IsAssigned ? 1L : 0L, key.Workspace.IsAsked ? 1L : 0L, same.Names, group.Agents,
        ];
    }

    private static object?[] Values(KeyValuePair<(AuditedWorkspace Workspace, KeyKind Kind), long[]> counts) =>
        [(long)counts.Key.Workspace.Number, counts.Key.Workspace.Name, (long)counts.Key.Workspace.Phase, (long)counts.Key.Kind, .. counts.Value.Cast<object?>()];

    private Task<int> ExecuteAsync(string sql, CancellationToken ct) => _aside.Database.ExecuteSqlRawAsync(sql, ct);
}
