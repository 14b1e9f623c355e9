using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>
/// The agents of a batch of which every planned slot is linked, collected in a temporary table: their journal and their references
/// are then written in one statement each. All in the caller's transaction, which has held these agents since it looked at them.
/// </summary>
public sealed class LinkedAgents(KeyVaultDb db, TimeProvider clock)
{
    private static readonly BulkColumn[] Columns = [new("agent_id", BulkType.Id), .. KeyKinds.All.Select(kind => new BulkColumn(Key(kind), BulkType.Id))];

    /// <summary>The columns of the table: the agent, and the key of each kind or null where the run has nothing to do.</summary>
    public static string Names { get; } = string.Join(", ", Columns.Select(column => column.Name));

    /// <returns>The name of the table.</returns>
    public Task<string> CreateAsync(CancellationToken ct) => db.CreateTemporaryTableAsync("linked_agents", Columns, ct);

    /// <param name="entries">All entries of agents that are not in the table.</param>
    /// <returns>Those of the agents that do not belong there.</returns>
    public async Task<List<JournalEntry>> AddAsync(string table, IReadOnlyCollection<JournalEntry> entries, CancellationToken ct)
    {
        var agents = entries.GroupBy(entry => entry.AgentId).ToLookup(agent => agent.All(entry => entry.Outcome == SlotOutcome.Linked));
        await db.BulkInsertAsync(table, Columns, agents[true].Select(Row).ToAsyncEnumerable(), ct);
        return [.. agents[false].SelectMany(agent => agent)];
    }

    /// <param name="after">The batch begins behind this agent.</param>
    /// <param name="last">Its last agent.</param>
    /// <returns>How many slots were linked.</returns>
    public async Task<int> WriteAsync(MigrationRun run, string table, Guid after, Guid last, CancellationToken ct)
    {
        var slots = await WriteJournalAsync(run, table, ct);
        if (slots == 0) return 0;
        var changed = await WriteReferencesAsync(table, after, last, ct);
        var agents = await db.Database.SqlQueryRaw<int>($"SELECT COUNT(*) AS \"Value\" FROM {table}").SingleAsync(ct);
        return changed == agents ? slots : throw new InvalidOperationException($"{agents} agents were to be written, and {changed} were.");
    }

    private Task<int> WriteJournalAsync(MigrationRun run, string table, CancellationToken ct)
    {
        var key = $"CASE k.kind {EachKind.Sql(kind => $"WHEN {(int)kind} THEN n.{Key(kind)}", " ")} END";
        return db.Database.ExecuteSqlRawAsync(
            $$"""
            INSERT INTO migration_journal (run_id, agent_id, kind, outcome, key_after)
            SELECT {0}, n.agent_id, k.kind, {{(int)SlotOutcome.Linked}}, {{key}}
            FROM {{table}} n CROSS JOIN ({{EachKind.Sql(kind => $"SELECT {(int)kind} AS kind", " UNION ALL ")}}) k
            WHERE {{key}} IS NOT NULL
            """,
            [run.Id], ct);
    }

    private Task<int> WriteReferencesAsync(string table, Guid after, Guid last, CancellationToken ct) => db.Database.ExecuteSqlRawAsync(
        $$"""
        UPDATE agents SET {{EachKind.Sql(kind => $"{kind.ReferenceColumn()} = COALESCE(n.{Key(kind)}, agents.{kind.ReferenceColumn()})")}}, version = agents.version + 1, updated_at = {0}
        FROM {{table}} n WHERE n.agent_id = agents.id AND agents.id > {1} AND agents.id <= {2}
        """,
        [clock.GetUtcNow().UtcDateTime, after, last], ct);

    private static object?[] Row(IGrouping<Guid, JournalEntry> agent) => [agent.Key, .. KeyKinds.All.Select(kind => agent.FirstOrDefault(entry => entry.Kind == kind)?.KeyAfter)];

    private static string Key(KeyKind kind) => $"{kind.Word()}_key_id";
}
