using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>The journal of a run: what became of each slot, by agent.</summary>
public sealed class ListRunItems(KeyVaultDb db, KeyProblems problems)
{
    public sealed record Filter([property: FromQuery(Name = "outcome")] string? Outcome = null);

    /// <param name="AgentName">Null where the agent is gone.</param>
    /// <param name="Reason">Why the slot was not written; null where it was.</param>
    /// <param name="KeyName">Of the KeyResource that the slot was linked to, as it is called now.</param>
    public sealed record Row(
        Guid AgentId, string? AgentName, Guid? WorkspaceId, string? WorkspaceName, KeyKind Kind, SlotOutcome Outcome, string? Reason,
        Guid? KeyBefore, Guid? KeyAfter, string? KeyName);

    public async Task<Page<Row>> RunAsync(Guid runId, ListQuery list, Filter filter, CancellationToken ct)
    {
        var run = await db.FindRunAsync(runId, ct);
        var page = await Matching(runId, filter).ToPageAsync(list, ct);
        var failed = page.Items.Where(row => row.Outcome == SlotOutcome.KeyUnavailable).Select(row => (row.AgentId, row.Kind)).ToList();
        var found = await problems.OfAsync(run, failed, ct);
        return new Page<Row>(
            [.. page.Items.Select(row => row with { Reason = found.GetValueOrDefault((row.AgentId, row.Kind)) ?? RunWords.Reason(row.Outcome) })],
            page.Total, page.Number, page.PageSize);
    }

    internal IQueryable<Row> Matching(Guid runId, Filter filter)
    {
        var entries = db.Journal.AsNoTracking().Where(entry => entry.RunId == runId);
        if (Fields.Word<SlotOutcome>(filter.Outcome, "outcome") is { } outcome) entries = entries.Where(entry => entry.Outcome == outcome);
        return
            from entry in entries
            join agent in db.Agents on entry.AgentId equals agent.Id into agents
            from agent in agents.DefaultIfEmpty()
            orderby entry.AgentId, entry.Kind
            select new Row(
                entry.AgentId, agent.Name, agent == null ? null : agent.WorkspaceId, agent.Workspace.Name, entry.Kind, entry.Outcome, null, entry.KeyBefore, entry.KeyAfter,
                db.Keys.Where(key => key.Id == (entry.KeyAfter ?? entry.KeyBefore)).Select(key => key.Name).FirstOrDefault());
    }
}
