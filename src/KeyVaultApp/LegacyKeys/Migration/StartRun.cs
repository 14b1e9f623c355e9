using FluentValidation;
using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>
/// Starts carrying out a plan exactly as it stands. A plan is run once: what is left after that is found by a new one, since
/// the old one knows nothing of the keys that its run made.
/// </summary>
public sealed class StartRun(KeyVaultDb db, RunLease lease, RunSignal signal, ActivityLog activity, TimeProvider clock)
{
    public sealed record Form(Guid? PlanId, string? PlanHash);

    private sealed class Validator : AbstractValidator<Form>
    {
        public Validator()
        {
            RuleFor(form => form.PlanId).IsGiven();
            RuleFor(form => form.PlanHash).NotEmpty().WithMessage("{PropertyName} is missing: send the hash of the plan that you looked at.");
        }
    }

    private static readonly Validator Rules = new();

    /// <param name="here">Whether this process works on it, as a command does; else any instance that serves.</param>
    public async Task<Guid> RunAsync(Form form, Actor actor, CancellationToken ct, bool here = false)
    {
        Rules.Check(form);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        if (!await lease.ReserveAsync(id, here, ct)) throw await db.AnotherRunsAsync(ct);
        await RequireAsync(form, ct);

        var run = new MigrationRun
        {
            Id = id,
            PlanId = form.PlanId!.Value,
            CreatedAt = now,
            CreatedByKind = actor.Kind,
            CreatedById = actor.Id,
            CreatedBy = actor.Name,
            Total = await db.PlanGroups
                .Where(group => group.PlanId == form.PlanId && (group.Action == PlanAction.Link || group.Action == PlanAction.Create))
                .SumAsync(group => group.Agents, ct),
            State = here ? RunState.Running : RunState.Pending,
            StartedAt = here ? now : null,
        };
        db.MigrationRuns.Add(run);
        activity.Record(actor, Actions.RunStarted, RunLookup.TargetOf(run), after: new { run.PlanId, form.PlanHash, run.Total });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        signal.Raise();
        return id;
    }

    private async Task RequireAsync(Form form, CancellationToken ct)
    {
        await db.LockPlanAsync(form.PlanId!.Value, ct);
        if (await db.MigrationPlans.Where(plan => plan.Id == form.PlanId).Select(plan => plan.Hash).SingleAsync(ct) != form.PlanHash) throw PlanLookup.Stale();
        if (await db.MigrationRuns.Where(run => run.PlanId == form.PlanId && run.RollsBack == null).Select(run => (Guid?)run.Id).FirstOrDefaultAsync(ct) is { } earlier)
            throw new Refusal(RefusalKind.Conflict, "plan_has_run", $"The plan was run already, as run {earlier}. Make a new plan: it finds what is left.")
            {
                Facts = new Dictionary<string, object?> { ["run_id"] = earlier },
            };
        if (await db.Rollout.Select(rollout => rollout.LegacyColumns).SingleAsync(ct) != LegacyColumns.Present)
            throw Refusal.Conflict("legacy_closed", "The old key columns are closed, so there is nothing to migrate.");
    }
}
