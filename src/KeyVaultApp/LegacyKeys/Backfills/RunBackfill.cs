using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Encryption;
using KeyVaultApp.KeyTesting;
using KeyVaultApp.Rollout;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Backfills;

/// <summary>
/// Writes what slots resolve to by reference into their old columns, where going back to direct_keys would give them another
/// answer. What stood there is kept, sealed. One transaction, during which nobody edits these agents.
/// </summary>
public sealed class RunBackfill(
    KeyVaultDb db, ILegacyKeys legacy, PhaseSwitches switches, Phases phases, ChangedAnswers changedAnswers, StoredValues values,
    SealValues seal, Fingerprints fingerprints, WriteOldColumns write, ActivityLog activity, TimeProvider clock)
{
    private const int BatchSize = 500;
    private const int NamedInAnswer = 50;

    /// <param name="WorkspaceId">Null is every workspace that follows the installation, as for a switch.</param>
    /// <param name="DryRun">Counts what would be written; a value that does not open shows only in the run itself.</param>
    public sealed record Form(Guid? WorkspaceId, bool? DryRun);

    /// <param name="Id">Null where nothing was written.</param>
    /// <param name="Agents">With a slot that was written, or would be.</param>
    /// <param name="Left">Agents that would still get another answer: their slots resolve to nothing now that could be written.</param>
    /// <param name="LeftAgents">The first of them.</param>
    public sealed record Answer(Guid? Id, Guid? WorkspaceId, int Agents, int Slots, int Left, IReadOnlyList<ChangedAgent> LeftAgents);

    public async Task<Answer> RunAsync(Form form, Actor actor, CancellationToken ct)
    {
        var tally = new Tally();
        if (form.DryRun is true)
        {
            await foreach (var agent in changedAnswers.FindAsync(await switches.ReadAsync(RolloutPhase.DirectKeys, form.WorkspaceId, ct), ct))
                tally.Add(agent, [.. agent.Slots.Where(CanBeWritten).Select(slot => slot.Kind)]);
            return tally.Answer(null, form.WorkspaceId);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await phases.TakeAsync(form.WorkspaceId, ct);
        var change = await switches.ReadAsync(RolloutPhase.DirectKeys, form.WorkspaceId, ct);
        var now = clock.GetUtcNow();
        var backfill = new Backfill { Id = Guid.CreateVersion7(now), At = now, By = actor.Name, WorkspaceId = form.WorkspaceId };
        db.Backfills.Add(backfill);
        await db.SaveChangesAsync(ct);
        await foreach (var batch in changedAnswers.FindAsync(change, ct).Chunk(BatchSize).WithCancellation(ct))
            await WriteAsync(backfill.Id, batch, tally, ct);
        if (tally.Slots == 0) return tally.Answer(null, form.WorkspaceId);

        await db.Backfills.Where(row => row.Id == backfill.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.Slots, tally.Slots), ct);
        activity.Record(actor, Actions.OldColumnsBackfilled, await TargetAsync(db, backfill, ct), after: new { tally.Agents, tally.Slots, tally.Left });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return tally.Answer(backfill.Id, form.WorkspaceId);
    }

    internal static async Task<Target> TargetAsync(KeyVaultDb db, Backfill backfill, CancellationToken ct)
    {
        var workspace = backfill.WorkspaceId is { } id ? await db.Workspaces.Where(row => row.Id == id).Select(row => row.Name).SingleOrDefaultAsync(ct) : "installation";
        return new Target("backfill", backfill.Id, workspace ?? "a deleted workspace", backfill.WorkspaceId);
    }

    private static bool CanBeWritten(ChangedSlot slot) => slot.Before is { Source: KeySource.Reference, Code: null };

    private async Task WriteAsync(Guid backfill, IReadOnlyCollection<ChangedAgent> agents, Tally tally, CancellationToken ct)
    {
        Guid[] keyIds = [.. agents.SelectMany(agent => agent.Slots).Where(CanBeWritten).Select(slot => slot.Before.KeyId!.Value).Distinct()];
        var opened = await values.OpenAsync(keyIds, ct);
        // A value that is itself the id of a key would be read as that key.
        var ambiguous = await NamedKeys.LoadAsync(db, [.. opened.Values.Select(value => value.Candidate?.Value.AsKeyId).OfType<Guid>().Distinct()], [], ct);
        Guid[] agentIds = [.. agents.Select(agent => agent.Id)];
        var held = await legacy.Rows.Where(row => EF.Parameter(agentIds).Contains(row.AgentId)).ToDictionaryAsync(row => row.AgentId, ct);

        var changes = new List<OldColumnChange>();
        foreach (var agent in agents)
        {
            var written = new List<KeyKind>();
            foreach (var slot in agent.Slots.Where(CanBeWritten))
            {
                if (opened.GetValueOrDefault(slot.Before.KeyId!.Value)?.Candidate?.Value is not { } value) continue;
                if (value.AsKeyId is { } id && ambiguous.Find(id, agent.WorkspaceId) is not null) continue;
                if (!held.TryGetValue(agent.Id, out var row)) continue;
                var before = Secret.OrNull(row.Value(slot.Kind));
                changes.Add(new OldColumnChange(agent.Id, slot.Kind, before, value));
                db.BackfillEntries.Add(await EntryAsync(backfill, agent.Id, slot, before, value, ct));
                written.Add(slot.Kind);
            }

            tally.Add(agent, written);
        }

        if (changes is []) return;
        await db.SaveChangesAsync(ct);
        db.ChangeTracker.Clear();
        await write.RunAsync(changes, ct);
    }

    private async Task<BackfillEntry> EntryAsync(Guid backfill, Guid agent, ChangedSlot slot, Secret? before, Secret value, CancellationToken ct)
    {
        var kept = before is null ? null : await seal.SealAsync(before, SealedRow.OfBackfill(backfill, agent, slot.Kind), ct);
        return new BackfillEntry
        {
            BackfillId = backfill,
            AgentId = agent,
            Kind = slot.Kind,
            Sealed = kept?.Bytes,
            DataKeyNumber = kept?.DataKeyNumber,
            FingerprintAfter = fingerprints.Of(slot.Kind, value),
            KeyId = slot.Before.KeyId!.Value,
        };
    }

    private sealed class Tally
    {
        private readonly List<ChangedAgent> _left = [];

        public int Agents { get; private set; }

        public int Slots { get; private set; }

        public int Left { get; private set; }

        public void Add(ChangedAgent agent, List<KeyKind> written)
        {
            if (written.Count > 0) Agents++;
            Slots += written.Count;
            if (written.Count == agent.Slots.Count) return;
            Left++;
            if (_left.Count < NamedInAnswer)
                _left.Add(agent with { Kinds = [.. agent.Kinds.Except(written)], Slots = [.. agent.Slots.Where(slot => !written.Contains(slot.Kind))] });
        }

        public Answer Answer(Guid? id, Guid? workspaceId) => new(id, workspaceId, Agents, Slots, Left, _left);
    }
}
