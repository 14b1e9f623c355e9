using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>The ways in which whoever works on a run lets go of it.</summary>
public sealed class EndRun(KeyVaultDb db, RunLease lease, ActivityLog activity, TimeProvider clock)
{
    /// <summary>Pauses or stops, as somebody asked; that was written to the activity log when they did.</summary>
    public Task ObeyAsync(MigrationRun run, CancellationToken ct) => run.Request == RunRequest.Pause
        ? WriteAsync(run.Id, RunState.Paused, set => set.SetProperty(row => row.Request, RunRequest.None), null, ct)
        : WriteAsync(run.Id, RunState.Stopped, set => set.SetProperty(row => row.Request, RunRequest.None), null, ct);

    /// <summary>Pauses while this process still holds the lease, so that nobody takes the run over in between. What somebody asked for before goes first.</summary>
    public async Task PauseAsync(Guid runId, Actor actor, CancellationToken ct)
    {
        var run = await db.FindRunAsync(runId, ct);
        if (run.Request != RunRequest.None) await ObeyAsync(run, ct);
        else await WriteAsync(runId, RunState.Paused, _ => { }, Actions.RunPaused, ct, actor);
    }

    public Task CompleteAsync(MigrationRun run, CountShadow.Totals shadow, CancellationToken ct) => WriteAsync(
        run.Id, RunState.Completed, set => set.SetProperty(row => row.ShadowSame, shadow.Same).SetProperty(row => row.ShadowDifferent, shadow.Different), Actions.RunCompleted, ct);

    /// <param name="error">In words of ours: those of a database may carry what was being written.</param>
    public Task FailAsync(Guid runId, string error, CancellationToken ct) =>
        WriteAsync(runId, RunState.Failed, set => set.SetProperty(row => row.Error, error), Actions.RunFailed, ct);

    private async Task WriteAsync(Guid runId, RunState state, Action<UpdateSettersBuilder<MigrationRun>> with, string? action, CancellationToken ct, Actor? actor = null)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await lease.RenewAsync(runId, ct);
        await db.MigrationRuns.Where(row => row.Id == runId).ExecuteUpdateAsync(
            set =>
            {
                with(set);
                set.SetProperty(row => row.State, state);
                if (state.HasEnded()) set.SetProperty(row => row.EndedAt, now);
            },
            ct);
        if (state.HasEnded()) await lease.EndAsync(runId, ct);
        else await lease.ReleaseAsync(runId, ct);
        if (action is not null)
        {
            var run = await db.FindRunAsync(runId, ct);
            activity.Record(actor ?? RunLookup.StarterOf(run), action, RunLookup.TargetOf(run), after: new { run.Done, run.Total, run.Linked, run.Created, run.Assigned, run.Skipped, run.Failed, run.Error });
            await db.SaveChangesAsync(ct);
        }

        await transaction.CommitAsync(ct);
    }
}
