using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>
/// Finds the agents of a batch all of whose planned slots hold a value that the run has met before and hold no reference. The
/// database compares old columns with those values, so nothing of these agents is read: most of a large fleet goes this way. All
/// others, whatever the reason, are left for <see cref="LinkAgents"/> to look at.
/// </summary>
public sealed class KnownValues(KeyVaultDb db)
{
    /// <summary>What slots of a group may hold, and what they are linked to then; both null where none can be linked unseen.</summary>
    public sealed record Slot(int Group, Secret? Value, Guid? KeyId);

    private static readonly BulkColumn[] Planned = [new("number", BulkType.SmallNumber), new("value", BulkType.Text), new("key_id", BulkType.Id)];

    /// <summary>Adds them to <paramref name="linked"/>, a table of <see cref="LinkedAgents"/>. In the caller's transaction, which holds these agents and the keys of these slots.</summary>
    /// <param name="slots">Of all groups that the run handles in this batch.</param>
    /// <param name="agentIds">Of all agents with such a slot.</param>
    /// <param name="after">The batch begins behind this agent.</param>
    /// <param name="last">Its last agent.</param>
    public async Task<HashSet<Guid>> FindAsync(
        MigrationRun run, string linked, IReadOnlyCollection<Slot> slots, IReadOnlyCollection<Guid> agentIds, Guid after, Guid last, CancellationToken ct)
    {
        if (!slots.Any(slot => slot.KeyId is not null)) return [];

        var planned = await db.CreateTemporaryTableAsync("planned_slots", Planned, ct);
        await db.BulkInsertAsync(planned, Planned, slots.Select(slot => new object?[] { slot.Group, slot.Value?.Reveal(), slot.KeyId }).ToAsyncEnumerable(), ct);
        await db.Database.ExecuteSqlRawAsync($"CREATE UNIQUE INDEX planned_slots_number ON {planned} (number)", ct);
        var agents = await AddAsync(run, linked, planned, after, last, ct);
        // Values are kept no longer than they are compared with.
        await db.Database.ExecuteSqlRawAsync($"DELETE FROM {planned}", ct);
        return agents == agentIds.Count ? [.. agentIds] : await db.Database.SqlQueryRaw<Guid>($"SELECT agent_id AS \"Value\" FROM {linked}").ToHashSetAsync(ct);
    }

    private Task<int> AddAsync(MigrationRun run, string linked, string planned, Guid after, Guid last, CancellationToken ct)
    {
        string Joined(KeyKind kind) => $"LEFT JOIN {planned} {kind.Word()} ON {kind.Word()}.number = p.{kind.Word()}_group";
        string Holds(KeyKind kind) => $"({kind.Word()}.number IS NULL OR (a.{kind.ReferenceColumn()} IS NULL AND {db.SameText($"a.{kind.Column()}", $"{kind.Word()}.value")}))";
        return db.Database.ExecuteSqlRawAsync(
            $$"""
            INSERT INTO {{linked}} ({{LinkedAgents.Names}})
            SELECT p.agent_id, {{EachKind.Sql(kind => $"{kind.Word()}.key_id")}}
            FROM migration_plan_agents p JOIN agents a ON a.id = p.agent_id {{EachKind.Sql(Joined, " ")}}
            WHERE p.plan_id = {0} AND p.agent_id > {1} AND p.agent_id <= {2} AND a.id > {1} AND a.id <= {2}
            AND COALESCE({{EachKind.Sql(kind => $"{kind.Word()}.key_id")}}) IS NOT NULL AND {{EachKind.Sql(Holds, " AND ")}}
            ORDER BY p.agent_id
            """,
            [run.PlanId, after, last], ct);
    }
}
