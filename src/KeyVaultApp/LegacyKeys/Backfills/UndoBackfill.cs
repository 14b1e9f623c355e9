using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Encryption;
using KeyVaultApp.Rollout;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Backfills;

/// <summary>
/// Gives every slot that still holds what a backfill wrote what stood there before. Once, in one transaction. Refused without
/// force where old columns are in use by now, so that an agent would get another answer.
/// </summary>
public sealed class UndoBackfill(
    KeyVaultDb db, ILegacyKeys legacy, Phases phases, RevealValues reveal, Fingerprints fingerprints, WriteOldColumns write, ActivityLog activity, TimeProvider clock)
{
    private const int BatchSize = 500;
    private const int NamedInRefusal = 50;

    public sealed record Form(bool? Force);

    /// <param name="Restored">Slots that hold again what they held before.</param>
    /// <param name="Edited">Slots left alone, since they hold something else by now, or their agent is gone.</param>
    /// <param name="Unreadable">Slots left alone, since what is kept of them does not open.</param>
    public sealed record Answer(Guid Id, int Restored, int Edited, int Unreadable);

    /// <summary>An agent that would get another answer.</summary>
    public sealed record ReadingAgent(Guid Id, string Name, Guid WorkspaceId, string WorkspaceName);

    public async Task<Answer> RunAsync(Guid id, Form? form, Actor actor, CancellationToken ct)
    {
        var backfill = await db.Backfills.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, ct) ?? throw Refusal.NotFound("backfill");
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await phases.TakeAsync(backfill.WorkspaceId, ct);
        var now = clock.GetUtcNow();
        var claimed = await db.Backfills.Where(row => row.Id == id && row.UndoneAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.UndoneAt, now).SetProperty(row => row.UndoneBy, actor.Name), ct);
        if (claimed == 0) throw Refusal.Conflict("already_undone", "This backfill was undone already.");

        var tally = new Tally();
        var installation = await phases.OfInstallationAsync(ct);
        var (lastAgent, lastKind) = (Guid.Empty, default(KeyKind));
        while (await After(id, lastAgent, lastKind).ToListAsync(ct) is { Count: > 0 } batch)
        {
            (lastAgent, lastKind) = (batch[^1].AgentId, batch[^1].Kind);
            await RestoreAsync(batch, installation, tally, ct);
        }

        if (tally.ReadingTotal > 0 && form?.Force is not true) throw WouldChange(tally);
        var answer = new Answer(id, tally.Restored, tally.Edited, tally.Unreadable);
        activity.Record(actor, Actions.BackfillUndone, await RunBackfill.TargetAsync(db, backfill, ct), after: new
        {
            answer.Restored,
            answer.Edited,
            answer.Unreadable,
            Forced = tally.ReadingTotal > 0,
            ChangedAgents = tally.ReadingTotal,
        });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return answer;
    }

    private static Refusal WouldChange(Tally tally) => SetPhase.WouldChange(
        tally.ReadingTotal, tally.Reading.Keys, tally.Reading.Select(agent => $"{agent.Key.WorkspaceName}  {agent.Key.Name}  {agent.Key.Id}  {string.Join(' ', agent.Value.Select(kind => kind.Word()))}"));

    private IQueryable<BackfillEntry> After(Guid backfill, Guid agent, KeyKind kind) => db.BackfillEntries.AsNoTracking()
        .Where(entry => entry.BackfillId == backfill && entry.AgentId >= agent && (entry.AgentId > agent || entry.Kind > kind))
        .OrderBy(entry => entry.AgentId).ThenBy(entry => entry.Kind)
        .Take(BatchSize);

    private async Task RestoreAsync(IReadOnlyList<BackfillEntry> batch, RolloutPhase installation, Tally tally, CancellationToken ct)
    {
        Guid[] ids = [.. batch.Select(entry => entry.AgentId).Distinct()];
        var agents = await db.Agents.AsNoTracking().Include(agent => agent.Workspace).Where(agent => EF.Parameter(ids).Contains(agent.Id)).ToDictionaryAsync(agent => agent.Id, ct);
        var held = await legacy.Rows.Where(row => EF.Parameter(ids).Contains(row.AgentId)).ToDictionaryAsync(row => row.AgentId, ct);

        var changes = new List<OldColumnChange>();
        foreach (var entry in batch)
        {
            var now = Secret.OrNull(held.GetValueOrDefault(entry.AgentId)?.Value(entry.Kind));
            if (now is null || !agents.TryGetValue(entry.AgentId, out var agent) || fingerprints.Of(entry.Kind, now) != entry.FingerprintAfter)
            {
                tally.Edited++;
                continue;
            }

            var (opens, before) = await OpenAsync(entry, ct);
            if (!opens)
            {
                tally.Unreadable++;
                continue;
            }

            changes.Add(new OldColumnChange(entry.AgentId, entry.Kind, now, before));
            tally.Restored++;
            if (IsRead(agent, entry.Kind, installation)) tally.AddReading(new ReadingAgent(agent.Id, agent.Name, agent.WorkspaceId, agent.Workspace.Name), entry.Kind);
        }

        if (changes is not []) await write.RunAsync(changes, ct);
    }

    /// <summary>Whether the slot's answer comes from its old column.</summary>
    private static bool IsRead(Agent agent, KeyKind kind, RolloutPhase installation) => (agent.Workspace.Phase ?? installation) switch
    {
        RolloutPhase.DirectKeys => true,
        RolloutPhase.ReferencesWithFallback => agent.Reference(kind) is null,
        _ => false,
    };

    private async Task<(bool Opens, Secret? Before)> OpenAsync(BackfillEntry entry, CancellationToken ct)
    {
        if (entry.Sealed is null) return (true, null);
        try
        {
            return (true, await reveal.OpenAsync(entry.Sealed, SealedRow.OfBackfill(entry.BackfillId, entry.AgentId, entry.Kind), ct));
        }
        catch (UnreadableValueException)
        {
            return (false, null);
        }
    }

    private sealed class Tally
    {
        private readonly OrderedDictionary<ReadingAgent, List<KeyKind>> _reading = [];
        private Guid _last;

        public int Restored { get; set; }

        public int Edited { get; set; }

        public int Unreadable { get; set; }

        public int ReadingTotal { get; private set; }

        /// <summary>With the slots that change.</summary>
        public OrderedDictionary<ReadingAgent, List<KeyKind>> Reading => _reading;

        /// <summary>They come in the order of ids, so one that comes again comes right behind.</summary>
        public void AddReading(ReadingAgent agent, KeyKind kind)
        {
            if (agent.Id != _last) ReadingTotal++;
            _last = agent.Id;
            if (_reading.TryGetValue(agent, out var kinds)) kinds.Add(kind);
            else if (_reading.Count < NamedInRefusal) _reading.Add(agent, [kind]);
        }
    }
}
