using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Backfills;

/// <summary>What is to stand in an old column, and what stands there now; null is nothing at all.</summary>
public sealed record OldColumnChange(Guid AgentId, KeyKind Kind, Secret? Before, Secret? After);

/// <summary>Writes the old columns of many agents, one statement for each kind. References stay as they are.</summary>
public sealed class WriteOldColumns(KeyVaultDb db, TimeProvider clock)
{
    private static readonly BulkColumn[] Columns =
        [new("agent_id", BulkType.Id), new("kind", BulkType.Number), new("old_value", BulkType.Text), new("new_value", BulkType.Text)];

    private string? _table;

    /// <summary>Call it in the transaction of the change that these belong to.</summary>
    /// <exception cref="Refusal">A column holds something else by now: then nothing may be committed.</exception>
    public async Task RunAsync(IReadOnlyCollection<OldColumnChange> changes, CancellationToken ct)
    {
        var table = _table ??= await CreateAsync(ct);
        await db.Database.ExecuteSqlRawAsync($"DELETE FROM {table}", ct);
        await db.BulkInsertAsync(table, Columns, changes.Select(Values).ToAsyncEnumerable(), ct);
        foreach (var (kind, count) in changes.CountBy(change => change.Kind))
        {
            var written = await db.Database.ExecuteSqlRawAsync(Statement(table, kind), ct);
            if (written != count) throw Refusal.Conflict("changed_meanwhile", "Somebody wrote old columns meanwhile. Nothing was changed; run it again.");
        }

        await db.Database.ExecuteSqlRawAsync(
            $"UPDATE agents SET version = version + 1, updated_at = {{0}} WHERE id IN (SELECT n.agent_id FROM {table} n)", [clock.GetUtcNow().UtcDateTime], ct);
    }

    private async Task<string> CreateAsync(CancellationToken ct)
    {
        var table = await db.CreateTemporaryTableAsync("old_columns", Columns, ct);
        await db.Database.ExecuteSqlRawAsync($"CREATE INDEX ix_old_columns ON {table} (agent_id, kind)", ct);
        return table;
    }

    private string Statement(string table, KeyKind kind)
    {
        var (column, row) = ($"agents.{kind.Column()}", $"n.agent_id = agents.id AND n.kind = {(int)kind}");
        return $"""
            UPDATE agents SET {kind.Column()} = (SELECT n.new_value FROM {table} n WHERE {row})
            WHERE id IN (SELECT n.agent_id FROM {table} n WHERE n.kind = {(int)kind}) AND EXISTS (
                SELECT 1 FROM {table} n WHERE {row} AND ({db.SameText("n.old_value", column)} OR (n.old_value IS NULL AND {column} IS NULL)))
            """;
    }

    private static object?[] Values(OldColumnChange change) => [change.AgentId, (long)change.Kind, change.Before?.Reveal(), change.After?.Reveal()];
}
