using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>
/// How many slots of runs came to what. What was written stands in the run itself; the index of the exceptions answers for the
/// others, however long the journal is.
/// </summary>
public sealed class RunOutcomes(KeyVaultDb db)
{
    /// <returns>For each run that has any, its outcomes as they stand in JSON.</returns>
    public async Task<IReadOnlyDictionary<Guid, IReadOnlyDictionary<string, int>>> OfAsync(IReadOnlyCollection<MigrationRun> runs, CancellationToken ct)
    {
        var ids = runs.Where(run => run.Skipped + run.Failed > 0).Select(run => run.Id).ToArray();
        var exceptions = ids is [] ? [] : await db.Journal
            .Where(entry => EF.Parameter(ids).Contains(entry.RunId) && entry.Outcome != SlotOutcome.Linked && entry.Outcome != SlotOutcome.Restored)
            .GroupBy(entry => new { entry.RunId, entry.Outcome }, (key, entries) => new { key.RunId, key.Outcome, Slots = entries.Count() })
            .ToListAsync(ct);
        var written = runs.Where(run => run.Linked > 0).Select(run => new { RunId = run.Id, Outcome = Written(run.RollsBack), Slots = run.Linked });
        return exceptions.Concat(written).GroupBy(row => row.RunId).ToDictionary(
            rows => rows.Key,
            IReadOnlyDictionary<string, int> (rows) => rows.OrderBy(row => row.Outcome).ToDictionary(row => Fields.WordOf(row.Outcome), row => row.Slots));
    }

    /// <summary>What a slot that was written has come to.</summary>
    public static SlotOutcome Written(Guid? rollsBack) => rollsBack is null ? SlotOutcome.Linked : SlotOutcome.Restored;

    /// <summary>What the others may come to.</summary>
    public static IReadOnlyList<SlotOutcome> Exceptions(Guid? rollsBack) => rollsBack is null
        ? [SlotOutcome.LegacyChanged, SlotOutcome.AlreadyReferenced, SlotOutcome.AgentGone, SlotOutcome.ReferencesOnly, SlotOutcome.KeyUnavailable]
        : [SlotOutcome.EditedSince, SlotOutcome.AgentGone, SlotOutcome.AnswerWouldChange];
}
