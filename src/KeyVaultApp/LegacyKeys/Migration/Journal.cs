using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>
/// Writes what becomes of slots, except of those that <see cref="LinkedAgents"/> writes: a line of the journal each, the references
/// of all agents in one statement, and how far the run is, all in the caller's transaction. So the journal and the agents never disagree.
/// </summary>
public sealed class Journal(KeyVaultDb db, TimeProvider clock)
{
    private static readonly BulkColumn[] References =
    [
        new("agent_id", BulkType.Id),
        .. KeyKinds.All.SelectMany(kind => new BulkColumn[] { new(Writes(kind), BulkType.SmallNumber), new(Before(kind), BulkType.Id), new(After(kind), BulkType.Id) }),
    ];

    /// <param name="entries">Of agents in the order of ids, all entries of an agent together.</param>
    /// <param name="last">The last agent of the batch, which may have none.</param>
    /// <param name="linked">Slots of the batch that are written already, journal and all.</param>
    public async Task WriteAsync(MigrationRun run, IReadOnlyList<JournalEntry> entries, Guid last, int linked, CancellationToken ct)
    {
        await db.BulkInsertAsync(entries, ct);
        var written = entries.Where(entry => entry.Outcome is SlotOutcome.Linked or SlotOutcome.Restored).ToList();
        if (written is not []) await WriteReferencesAsync(written, ct);

        var skipped = entries.Count(entry => IsSkipped(entry.Outcome));
        var failed = entries.Count - written.Count - skipped;
        // Another cursor than the one that was read: then somebody else has worked on the run.
        if (await db.MigrationRuns.Where(row => row.Id == run.Id && row.Cursor == run.Cursor).ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.Cursor, last)
                .SetProperty(row => row.Done, row => row.Done + linked + entries.Count)
                .SetProperty(row => row.Linked, row => row.Linked + linked + written.Count)
                .SetProperty(row => row.Skipped, row => row.Skipped + skipped)
                .SetProperty(row => row.Failed, row => row.Failed + failed),
            ct) != 1) throw new LeaseLostException();
    }

    public static bool IsSkipped(SlotOutcome outcome) => outcome
        is SlotOutcome.LegacyChanged or SlotOutcome.AlreadyReferenced or SlotOutcome.AgentGone or SlotOutcome.ReferencesOnly
        or SlotOutcome.EditedSince or SlotOutcome.AnswerWouldChange;

    /// <summary>Only slots that hold what the journal says they held; the rows are locked, so all of them do.</summary>
    private async Task WriteReferencesAsync(List<JournalEntry> written, CancellationToken ct)
    {
        var agents = written.GroupBy(entry => entry.AgentId).Select(Row).ToList();
        var rows = await db.CreateTemporaryTableAsync("written_references", References, ct);
        await db.BulkInsertAsync(rows, References, agents.ToAsyncEnumerable(), ct);
        string Set(KeyKind kind)
        {
            var (column, before) = ($"agents.{kind.ReferenceColumn()}", $"n.{Before(kind)}");
            return $"{kind.ReferenceColumn()} = CASE WHEN n.{Writes(kind)} = 1 AND ({column} = {before} OR ({column} IS NULL AND {before} IS NULL)) THEN n.{After(kind)} ELSE {column} END";
        }

        var changed = await db.Database.ExecuteSqlRawAsync(
            $$"""
            UPDATE agents SET {{EachKind.Sql(Set)}}, version = agents.version + 1, updated_at = {0}
            FROM {{rows}} n WHERE n.agent_id = agents.id AND agents.id >= {1} AND agents.id <= {2}
            """,
            [clock.GetUtcNow().UtcDateTime, written[0].AgentId, written[^1].AgentId], ct);
        if (changed != agents.Count) throw new InvalidOperationException($"{agents.Count} agents were to be written, and {changed} were.");
    }

    private static object?[] Row(IGrouping<Guid, JournalEntry> agent)
    {
        var slots = agent.ToDictionary(entry => entry.Kind);
        return [agent.Key, .. KeyKinds.All.SelectMany(kind => slots.TryGetValue(kind, out var entry) ? new object?[] { 1, entry.KeyBefore, entry.KeyAfter } : [0, null, null])];
    }

    private static string Writes(KeyKind kind) => $"{kind.Word()}_writes";

    private static string Before(KeyKind kind) => $"{kind.Word()}_before";

    private static string After(KeyKind kind) => $"{kind.Word()}_after";
}
