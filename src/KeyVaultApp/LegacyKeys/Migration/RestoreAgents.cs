using KeyVaultApp.Domain;
using KeyVaultApp.Storage;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>Gives the next batch of agents back what a run took the place of: only slots that still hold what it wrote.</summary>
public sealed class RestoreAgents(KeyVaultDb db, RunLease lease, RunSettings settings, WrittenSlots written, HeldAgents agents, RollbackOutcomes outcomes, Journal journal)
{
    /// <returns>Whether there was a batch.</returns>
    public async Task<bool> RunAsync(MigrationRun run, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await lease.RenewAsync(run.Id, ct);
        var batch = await written.NextAsync(run.RollsBack!.Value, run.Cursor ?? Guid.Empty, settings.BatchSize, run.Id, ct);
        if (batch is []) return false;

        Guid[] ids = [.. batch.Select(entry => entry.AgentId).Distinct()];
        await agents.HoldAsync(ids, ct);
        var held = await agents.ReadAsync(ids, ct);
        var found = await outcomes.OfAsync(batch, held, run.Force, ct);
        await journal.WriteAsync(run, [.. batch.Zip(found, (entry, outcome) => Entry(run, entry, outcome, held.GetValueOrDefault(entry.AgentId)))], batch[^1].AgentId, linked: 0, ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    private static JournalEntry Entry(MigrationRun run, JournalEntry written, SlotOutcome outcome, AgentSlots? agent)
    {
        var before = agent?.Reference(written.Kind);
        return new JournalEntry
        {
            RunId = run.Id,
            AgentId = written.AgentId,
            Kind = written.Kind,
            Outcome = outcome,
            KeyBefore = before,
            KeyAfter = outcome == SlotOutcome.Restored ? written.KeyBefore : before,
        };
    }
}
