using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>What rolling a run back would do, slot by slot, without doing it. Read in batches: memory does not grow with the run.</summary>
public sealed class PreviewRollback(KeyVaultDb db, WrittenSlots written, HeldAgents agents, RollbackOutcomes outcomes)
{
    private const int BatchSize = 1000;

    public sealed record Row(Guid AgentId, string? AgentName, string? WorkspaceName, KeyKind Kind, SlotOutcome Outcome, string Reason);

    /// <param name="Restored">Slots that get back what they had.</param>
    /// <param name="CreatedKeys">KeyResources that the run made: they stay unless nobody uses them and it is asked for.</param>
    /// <param name="Skipped">The slots that are left as they are.</param>
    public sealed record Answer(Guid RunId, int Total, int Restored, int EditedSince, int AgentGone, int AnswerWouldChange, int CreatedKeys, Page<Row> Skipped);

    /// <exception cref="Refusal">It has not ended, or is a roll-back itself.</exception>
    public async Task<Answer> RunAsync(Guid runId, ListQuery list, CancellationToken ct)
    {
        var run = await StartRollback.FindAsync(db, runId, ct);
        var counts = new Dictionary<SlotOutcome, int>();
        var (shown, skipped, first) = (new List<(JournalEntry Entry, SlotOutcome Outcome)>(), 0, (list.PageNumber - 1) * list.Size);
        for (var last = Guid.Empty; ;)
        {
            var batch = await written.NextAsync(run.Id, last, BatchSize, current: null, ct);
            if (batch is []) break;
            last = batch[^1].AgentId;
            var found = await outcomes.OfAsync(batch, await agents.ReadAsync([.. batch.Select(entry => entry.AgentId).Distinct()], ct), force: false, ct);
            foreach (var (entry, outcome) in batch.Zip(found))
            {
                counts[outcome] = counts.GetValueOrDefault(outcome) + 1;
                if (outcome == SlotOutcome.Restored) continue;
                if (skipped >= first && shown.Count < list.Size) shown.Add((entry, outcome));
                skipped++;
            }
        }

        int Of(SlotOutcome outcome) => counts.GetValueOrDefault(outcome);
        return new Answer(
            run.Id, counts.Values.Sum(), Of(SlotOutcome.Restored), Of(SlotOutcome.EditedSince), Of(SlotOutcome.AgentGone), Of(SlotOutcome.AnswerWouldChange),
            await db.RunKeys.CountAsync(key => key.RunId == run.Id && db.Keys.Any(made => made.Id == key.KeyId), ct),
            new Page<Row>(await RowsAsync(shown, ct), skipped, list.PageNumber, list.Size));
    }

    private async Task<IReadOnlyList<Row>> RowsAsync(List<(JournalEntry Entry, SlotOutcome Outcome)> shown, CancellationToken ct)
    {
        var ids = shown.Select(one => one.Entry.AgentId).Distinct().ToArray();
        var names = await db.Agents.Where(agent => EF.Parameter(ids).Contains(agent.Id)).Select(agent => new { agent.Id, agent.Name, Workspace = agent.Workspace.Name }).ToDictionaryAsync(agent => agent.Id, ct);
        return [.. shown.Select(one =>
        {
            var agent = names.GetValueOrDefault(one.Entry.AgentId);
            return new Row(one.Entry.AgentId, agent?.Name, agent?.Workspace, one.Entry.Kind, one.Outcome, RunWords.Reason(one.Outcome)!);
        })];
    }
}
