using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

internal static class RunLookup
{
    private const int ShownOfId = 8;

    public static readonly IReadOnlyList<RunState> Unfinished = [RunState.Pending, RunState.Running, RunState.Paused];

    public static bool HasEnded(this RunState state) => state is RunState.Completed or RunState.Stopped or RunState.Failed;

    public static Target TargetOf(MigrationRun run) => new("run", run.Id, $"{(run.RollsBack is null ? "run" : "roll-back")} {run.Id.ToString()[^ShownOfId..]}");

    /// <summary>Whoever started a run, for what it does on their behalf.</summary>
    public static Actor StarterOf(MigrationRun run) => new(run.CreatedByKind, run.CreatedById, run.CreatedBy, Role.Ops, null);

    public static async Task<MigrationRun> FindRunAsync(this KeyVaultDb db, Guid id, CancellationToken ct) =>
        await db.MigrationRuns.AsNoTracking().SingleOrDefaultAsync(run => run.Id == id, ct) ?? throw Refusal.NotFound("run");

    /// <summary>One at a time: names the run that has not ended, and who works on it.</summary>
    public static async Task<Refusal> AnotherRunsAsync(this KeyVaultDb db, CancellationToken ct)
    {
        var lease = await db.MigrationLease.AsNoTracking().SingleAsync(ct);
        var by = lease.Holder is { } holder ? $", and {holder} works on it" : "";
        return new Refusal(RefusalKind.Conflict, "migration_running", $"Run {lease.RunId} has not ended{by}. One run at a time: wait for it, or stop it.")
        {
            Facts = new Dictionary<string, object?> { ["run_id"] = lease.RunId, ["holder"] = lease.Holder },
        };
    }
}
