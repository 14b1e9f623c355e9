using System.Runtime.CompilerServices;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.KeyAudit;

/// <summary>A key that agents of one workspace hold in their old columns.</summary>
internal sealed class DistinctKey
{
    public long RowNo { get; init; }
    public Guid WorkspaceId { get; init; }
    public string Workspace { get; init; } = "";
    public long Kind { get; init; }
    public string Fingerprint { get; init; } = "";
    public string? Last4 { get; init; }
    public long Findings { get; init; }
    public string? Existing { get; init; }
    public long Agents { get; init; }

    /// <summary>How many workspaces hold it, and how many agents do in all of them.</summary>
    public long Holders { get; init; }

    public long AllAgents { get; init; }

    /// <summary>Its number among the shared keys of its kind; null where only one workspace holds it.</summary>
    public long? SharedNumber { get; init; }
}

/// <summary>How the slots of one kind stand in one workspace.</summary>
internal sealed class WorkspaceCounts
{
    public long No { get; init; }
    public string Workspace { get; init; } = "";
    public long Phase { get; init; }
    public long Kind { get; init; }
    public long Legacy { get; init; }
    public long Reference { get; init; }
    public long EmptySlots { get; init; }
    public long Broken { get; init; }
    public long Held { get; init; }
    public long Assigned { get; init; }
}

/// <param name="Key">As it stands in its first workspace.</param>
/// <param name="Holders">The names of workspaces that hold it, the first of them.</param>
internal sealed record HeldKey(DistinctKey Key, IReadOnlyList<(Guid Id, string Name)> Holders);

/// <summary>What was gathered, in the order of the sheets and some thousand rows at a time.</summary>
internal sealed class AuditRows(KeyVaultDb aside, string distinct, string shared, string counts)
{
    /// <summary>Names of workspaces in one cell: more than that nobody reads.</summary>
    public const int MostHolders = 10;

    private const int BatchSize = 2000;

    private sealed class Holder
    {
        public long Kind { get; init; }
        public string Fingerprint { get; init; } = "";
        public Guid WorkspaceId { get; init; }
        public string Workspace { get; init; } = "";
        public long Number { get; init; }
    }

    private const string Columns =
        """
        d.workspace_id AS "WorkspaceId", d.workspace AS "Workspace", d.kind AS "Kind", d.fingerprint AS "Fingerprint", d.last4 AS "Last4", d.findings AS "Findings",
        d.existing AS "Existing", d.agents AS "Agents", d.holders AS "Holders", d.all_agents AS "AllAgents", s.number AS "SharedNumber"
        """;

    /// <summary>By workspace, kind, and how many agents hold it.</summary>
    public IAsyncEnumerable<HeldKey> DistinctAsync(CancellationToken ct) => InBatchesAsync(
        $$"""SELECT d.row_no AS "RowNo", {{Columns}} FROM {{distinct}} d LEFT JOIN {{shared}} s ON s.kind = d.kind AND s.fingerprint = d.fingerprint WHERE d.asked = 1 AND d.row_no > {0} AND d.row_no <= {1}""", ct);

    /// <summary>Each once, by kind and how many workspaces hold it.</summary>
    public IAsyncEnumerable<HeldKey> SharedAsync(CancellationToken ct) => InBatchesAsync(
        $$"""SELECT s.row_no AS "RowNo", {{Columns}} FROM {{shared}} s JOIN {{distinct}} d ON d.kind = s.kind AND d.fingerprint = s.fingerprint AND d.holder = 1 WHERE s.row_no > {0} AND s.row_no <= {1}""", ct);

    /// <summary>By workspace and kind; before them, where there are several workspaces, all of them together.</summary>
    public IAsyncEnumerable<WorkspaceCounts> CountsAsync()
    {
        static string Sums(string columns) => string.Join(", ", columns.Split(' ').Select(column => $"CAST(SUM({column}) AS bigint) AS {column}"));
        var each =
            $"""
            SELECT c.workspace_no, c.workspace, c.phase, c.kind, c.legacy, c.reference, c.empty_slots, c.broken, COALESCE(k.held, 0) AS held, COALESCE(k.assigned, 0) AS assigned
            FROM (SELECT workspace_no, workspace, phase, kind, {Sums("legacy reference empty_slots broken")} FROM {counts} GROUP BY workspace_no, workspace, phase, kind) c
            LEFT JOIN (SELECT workspace_no, kind, CAST(COUNT(*) AS bigint) AS held, {Sums("assigned")} FROM {distinct} GROUP BY workspace_no, kind) k
                ON k.workspace_no = c.workspace_no AND k.kind = c.kind
            """;
        return aside.Database.SqlQueryRaw<WorkspaceCounts>(
            $"""
            SELECT workspace_no AS "No", workspace AS "Workspace", phase AS "Phase", kind AS "Kind", legacy AS "Legacy", reference AS "Reference",
                   empty_slots AS "EmptySlots", broken AS "Broken", held AS "Held", assigned AS "Assigned"
            FROM (
                {each}
                UNION ALL
                SELECT 0, 'All workspaces, added up', 0, kind, {Sums("legacy reference empty_slots broken held assigned")} FROM ({each}) e GROUP BY kind HAVING COUNT(*) > 1
            ) a
            """).OrderBy(row => row.No).ThenBy(row => row.Kind).AsAsyncEnumerable();
    }

    private async IAsyncEnumerable<HeldKey> InBatchesAsync(string sql, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var from = 0L; ; from += BatchSize)
        {
            var batch = await aside.Database.SqlQueryRaw<DistinctKey>(sql, from, from + BatchSize).OrderBy(key => key.RowNo).ToListAsync(ct);
            if (batch is []) yield break;
            var holders = await HoldersAsync(batch, ct);
            foreach (var key in batch) yield return new HeldKey(key, [.. holders[(key.Kind, key.Fingerprint)].Select(holder => (holder.WorkspaceId, holder.Workspace))]);
        }
    }

    private async Task<ILookup<(long Kind, string Fingerprint), Holder>> HoldersAsync(IReadOnlyList<DistinctKey> batch, CancellationToken ct)
    {
        var fingerprints = batch.Where(key => key.Holders > 1).Select(key => key.Fingerprint).Distinct().ToArray();
        var rows = fingerprints is [] ? [] : await aside.Database.SqlQueryRaw<Holder>(
            $"""SELECT kind AS "Kind", fingerprint AS "Fingerprint", workspace_id AS "WorkspaceId", workspace AS "Workspace", holder AS "Number" FROM {distinct} WHERE holder <= {MostHolders + 1}""")
            .Where(holder => EF.Parameter(fingerprints).Contains(holder.Fingerprint)).OrderBy(holder => holder.Number).ToListAsync(ct);
        return rows.ToLookup(holder => (holder.Kind, holder.Fingerprint));
    }
}
