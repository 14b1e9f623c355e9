using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>The slots that a run wrote and that no roll-back has given back yet.</summary>
public sealed class WrittenSlots(KeyVaultDb db)
{
    public async Task<int> CountAsync(Guid runId, CancellationToken ct) => await Of(runId, await RollbacksAsync(runId, ct)).CountAsync(ct);

    /// <summary>Those of the next agents in the order of ids; all slots of an agent come together.</summary>
    /// <param name="after">The last agent that is done.</param>
    /// <param name="current">A roll-back that is under way: what it gave back lies behind it already.</param>
    public async Task<List<JournalEntry>> NextAsync(Guid runId, Guid after, int agents, Guid? current, CancellationToken ct)
    {
        var earlier = (await RollbacksAsync(runId, ct)).Where(id => id != current).ToArray();
        var left = Of(runId, earlier).Where(entry => entry.AgentId > after);
        var rows = await left.OrderBy(entry => entry.AgentId).ThenBy(entry => entry.Kind).Take((agents * KeyKinds.All.Count) + 1).ToListAsync(ct);
        // Of so many agents at most: where there is a row too many, it is of one behind them, so none of them has been cut in two.
        HashSet<Guid> first = [.. rows.Select(entry => entry.AgentId).Distinct().Take(agents)];
        return rows.FindAll(entry => first.Contains(entry.AgentId));
    }

    private Task<Guid[]> RollbacksAsync(Guid runId, CancellationToken ct) =>
        db.MigrationRuns.Where(run => run.RollsBack == runId).Select(run => run.Id).ToArrayAsync(ct);

    private IQueryable<JournalEntry> Of(Guid runId, Guid[] rollbacks)
    {
        var linked = db.Journal.AsNoTracking().Where(entry => entry.RunId == runId && entry.Outcome == SlotOutcome.Linked);
        return rollbacks is [] ? linked : linked.Where(entry => !db.Journal.Any(back =>
            EF.Parameter(rollbacks).Contains(back.RunId) && back.AgentId == entry.AgentId && back.Kind == entry.Kind && back.Outcome == SlotOutcome.Restored));
    }
}
