using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>
/// Links the agents of a batch all of whose planned slots hold a value that the run has met before and hold no reference. The
/// database compares old columns with those values, so nothing of these agents is read: most of a large fleet goes this way. All
/// others, whatever the reason, are left for <see cref="LinkAgents"/> to look at.
/// </summary>
public sealed class LinkKnownValues(KeyVaultDb db, TimeProvider clock)
{
    /// <summary>What slots of a group may hold, and what they are linked to then; both null where none can be linked unseen.</summary>
    public sealed record Slot(int Group, Secret? Value, Guid? KeyId);

    /// <param name="Slots">How many slots were linked.</param>
    public sealed record Answer(IReadOnlySet<Guid> AgentIds, int Slots);

    private static readonly Answer Nothing = new(new HashSet<Guid>(), 0);

    private static readonly BulkColumn[] Planned = [new("number", BulkType.SmallNumber), new("value", BulkType.Text), new("key_id", BulkType.Id)];

    private static readonly BulkColumn[] Linked = [new("agent_id", BulkType.Id), .. KeyKinds.All.Select(kind => new BulkColumn(Key(kind), BulkType.Id))];

    /// <summary>In the caller's transaction, which holds these agents and the keys of these slots.</summary>
    /// <param name="slots">Of all groups that the run handles in this batch.</param>
    /// <param name="after">The batch begins behind this agent.</param>
    /// <param name="last">Its last agent.</param>
    public async Task<Answer> RunAsync(MigrationRun run, IReadOnlyCollection<Slot> slots, Guid after, Guid last, CancellationToken ct)
    {
        if (!slots.Any(slot => slot.KeyId is not null)) return Nothing;

        var planned = await db.CreateTemporaryTableAsync("planned_slots", Planned, ct);
        await db.BulkInsertAsync(planned, Planned, slots.Select(slot => new object?[] { slot.Group, slot.Value?.Reveal(), slot.KeyId }).ToAsyncEnumerable(), ct);
        await db.Database.ExecuteSqlRawAsync($"CREATE UNIQUE INDEX planned_slots_number ON {planned} (number)", ct);
        var linked = await db.CreateTemporaryTableAsync("linked_agents", Linked, ct);
        var agents = await FindAsync(run, planned, linked, after, last, ct);
        // Values are kept no longer than they are compared with.
        await db.Database.ExecuteSqlRawAsync($"DELETE FROM {planned}", ct);
        if (agents == 0) return Nothing;

        var count = await WriteJournalAsync(run, linked, ct);
        if (await WriteReferencesAsync(linked, after, last, ct) is var changed && changed != agents)
            throw new InvalidOperationException($"{agents} agents were to be written, and {changed} were.");
        return new Answer(await db.Database.SqlQueryRaw<Guid>($"SELECT agent_id AS \"Value\" FROM {linked}").ToHashSetAsync(ct), count);
    }

    private Task<int> FindAsync(MigrationRun run, string planned, string linked, Guid after, Guid last, CancellationToken ct)
    {
        string Joined(KeyKind kind) => $"LEFT JOIN {planned} {kind.Word()} ON {kind.Word()}.number = p.{kind.Word()}_group";
        string Holds(KeyKind kind) => $"({kind.Word()}.number IS NULL OR (a.{kind.ReferenceColumn()} IS NULL AND {db.SameText($"a.{kind.Column()}", $"{kind.Word()}.value")}))";
        return db.Database.ExecuteSqlRawAsync(
            $$"""
            INSERT INTO {{linked}} ({{Names(Linked)}})
            SELECT p.agent_id, {{EachKind(kind => $"{kind.Word()}.key_id")}}
            FROM migration_plan_agents p JOIN agents a ON a.id = p.agent_id {{EachKind(Joined, " ")}}
            WHERE p.plan_id = {0} AND p.agent_id > {1} AND p.agent_id <= {2} AND a.id > {1} AND a.id <= {2}
            AND COALESCE({{EachKind(kind => $"{kind.Word()}.key_id")}}) IS NOT NULL AND {{EachKind(Holds, " AND ")}}
            ORDER BY p.agent_id
            """,
            [run.PlanId, after, last], ct);
    }

    private Task<int> WriteJournalAsync(MigrationRun run, string linked, CancellationToken ct)
    {
        var key = $"CASE k.kind {EachKind(kind => $"WHEN {(int)kind} THEN n.{Key(kind)}", " ")} END";
        return db.Database.ExecuteSqlRawAsync(
            $$"""
            INSERT INTO migration_journal (run_id, agent_id, kind, outcome, key_after)
            SELECT {0}, n.agent_id, k.kind, {{(int)SlotOutcome.Linked}}, {{key}}
            FROM {{linked}} n CROSS JOIN ({{EachKind(kind => $"SELECT {(int)kind} AS kind", " UNION ALL ")}}) k
            WHERE {{key}} IS NOT NULL
            """,
            [run.Id], ct);
    }

    private Task<int> WriteReferencesAsync(string linked, Guid after, Guid last, CancellationToken ct) => db.Database.ExecuteSqlRawAsync(
        $$"""
        UPDATE agents SET {{EachKind(kind => $"{kind.ReferenceColumn()} = COALESCE(n.{Key(kind)}, agents.{kind.ReferenceColumn()})")}}, version = agents.version + 1, updated_at = {0}
        FROM {{linked}} n WHERE n.agent_id = agents.id AND agents.id > {1} AND agents.id <= {2}
        """,
        [clock.GetUtcNow().UtcDateTime, after, last], ct);

    private static string Key(KeyKind kind) => $"{kind.Word()}_key_id";

    private static string EachKind(Func<KeyKind, string> sql, string between = ", ") => string.Join(between, KeyKinds.All.Select(sql));

    private static string Names(BulkColumn[] columns) => string.Join(", ", columns.Select(column => column.Name));
}
