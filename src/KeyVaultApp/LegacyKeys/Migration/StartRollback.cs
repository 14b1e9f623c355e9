using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>Starts giving back to agents what they had before a run. It is a run of its own, journalled as any other.</summary>
public sealed class StartRollback(KeyVaultDb db, RunLease lease, WrittenSlots written, RunSignal signal, ActivityLog activity, TimeProvider clock)
{
    /// <param name="Force">Also agents whose answer changes by it.</param>
    /// <param name="RemoveUnusedKeys">Deletes the KeyResources that the run made and that nobody uses in the end.</param>
    public sealed record Form(bool? Force = null, bool? RemoveUnusedKeys = null);

    /// <param name="here">Whether this process works on it, as a command does; else any instance that serves.</param>
    public async Task<Guid> RunAsync(Guid runId, Form? form, Actor actor, CancellationToken ct, bool here = false)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var original = await FindAsync(db, runId, ct);
        if (!await lease.ReserveAsync(id, here, ct)) throw await db.AnotherRunsAsync(ct);

        var run = new MigrationRun
        {
            Id = id,
            PlanId = original.PlanId,
            RollsBack = original.Id,
            Force = form?.Force is true,
            RemoveUnusedKeys = form?.RemoveUnusedKeys is true,
            CreatedAt = now,
            CreatedByKind = actor.Kind,
            CreatedById = actor.Id,
            CreatedBy = actor.Name,
            Total = await written.CountAsync(original.Id, ct),
            Step = RunStep.Agents,
            State = here ? RunState.Running : RunState.Pending,
            StartedAt = here ? now : null,
        };
        db.MigrationRuns.Add(run);
        activity.Record(actor, Actions.RollbackStarted, RunLookup.TargetOf(run), after: new { run.RollsBack, run.Force, run.RemoveUnusedKeys, run.Total });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        signal.Raise();
        return id;
    }

    /// <summary>A run that can be rolled back.</summary>
    public static async Task<MigrationRun> FindAsync(KeyVaultDb db, Guid id, CancellationToken ct)
    {
        var run = await db.FindRunAsync(id, ct);
        if (run.RollsBack is not null) throw Refusal.Conflict("is_rollback", "This run is a roll-back itself. Make a new plan to go forward again.");
        if (!run.State.HasEnded()) throw Refusal.Conflict("run_not_ended", "The run has not ended. Stop it first, or wait for it.");
        return run;
    }
}
