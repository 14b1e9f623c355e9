using FluentValidation;
using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>
/// Says what a run is to do with keys of a plan, all of them or none. The plan has another hash then, so that nobody runs
/// what they have not seen.
/// </summary>
public sealed class DecidePlan(KeyVaultDb db, ActivityLog activity, TimeProvider clock)
{
    private const int MostDecisions = 5000;
    private const int NamedInLog = 1000;
    private const int ShownOfFingerprint = 8;

    /// <param name="PlanHash">The plan as the caller saw it; null decides whatever was decided since.</param>
    public sealed record Form(IReadOnlyList<Decision>? Decisions, string? PlanHash);

    public sealed record Answer(string Hash);

    private sealed class Validator : AbstractValidator<Form>
    {
        public Validator()
        {
            RuleFor(form => form.Decisions)
                .Must(decisions => decisions is { Count: > 0 }).WithMessage("{PropertyName} is missing.")
                .Must(decisions => decisions!.Count <= MostDecisions).WithMessage($"{{PropertyName}} has more than {MostDecisions} entries.")
                .Must(decisions => decisions!.All(decision => decision is not null)).WithMessage("{PropertyName} has an entry that is null.");
            RuleForEach(form => form.Decisions).SetValidator(new DecisionValidator());
            RuleFor(form => form.PlanHash).IsText(MigrationPlan.HashLength);
        }
    }

    private static readonly Validator Rules = new();

    public async Task<Answer> RunAsync(Guid id, Form form, Actor actor, CancellationToken ct)
    {
        Rules.Check(form);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.LockPlanAsync(id, ct);
        var plan = await db.MigrationPlans.SingleAsync(row => row.Id == id, ct);
        if (form.PlanHash is not null && form.PlanHash != plan.Hash) throw PlanLookup.Stale();
        if (await db.MigrationRuns.AnyAsync(run => run.PlanId == id, ct))
            throw Refusal.Conflict("plan_has_run", "A run of this plan was started, so its decisions are settled. Make a new plan for what is left.");

        var errors = new DecisionErrors();
        var targets = await DecisionTargets.LoadAsync(db, id, form.Decisions!, errors, ct);
        await CheckKeysAsync(form.Decisions!, errors, ct);
        errors.Check();
        await new DecidedNames(db, id).ApplyAsync(targets, errors, ct);
        errors.Check();
        await db.SaveChangesAsync(ct);

        var before = plan.Hash;
        plan.Hash = await HashAsync(plan, ct);
        if (plan.Hash != before)
        {
            activity.Record(actor, Actions.PlanDecided, PlanLookup.TargetOf(plan), new { Hash = before }, new
            {
                plan.Hash,
                Decisions = form.Decisions!.Count,
                Decided = form.Decisions.Take(NamedInLog).Select(Words),
            });
            await db.SaveChangesAsync(ct);
        }

        await transaction.CommitAsync(ct);
        return new Answer(plan.Hash);
    }

    /// <summary>What a key is linked to can be used as it stands; that it is assigned to the workspace is the run's to do.</summary>
    private async Task CheckKeysAsync(IReadOnlyList<Decision> decisions, DecisionErrors errors, CancellationToken ct)
    {
        var ids = decisions.Select(decision => decision.KeyId).OfType<Guid>().Distinct().ToArray();
        var keys = ids.Length == 0 ? [] : await db.Keys.AsNoTracking().Where(key => EF.Parameter(ids).Contains(key.Id)).ToDictionaryAsync(key => key.Id, ct);
        var now = clock.GetUtcNow();
        foreach (var (index, decision) in decisions.Index())
        {
            if (decision.KeyId is not { } id) continue;
            var wrong = keys.GetValueOrDefault(id) switch
            {
                null => "key_id names a key that there is not.",
                var key when key.Kind != decision.Kind => $"key_id names a key of the kind {key.Kind.Word()}.",
                { Status: KeyStatus.Disabled } => "key_id names a key that is disabled.",
                var key when key.IsExpired(now) => "key_id names a key that has expired.",
                _ => null,
            };
            if (wrong is not null) errors.Add(index, "key_id", wrong);
        }
    }

    private async Task<string> HashAsync(MigrationPlan plan, CancellationToken ct)
    {
        using var hash = PlanHash.OfDecisions(plan.ContentHash);
        var groups = db.PlanGroups.AsNoTracking().Where(group => group.PlanId == plan.Id).OrderBy(group => group.Number);
        await foreach (var group in groups.AsAsyncEnumerable().WithCancellation(ct)) hash.AddDecided(group);
        return hash.Finish();
    }

    private static string Words(Decision decision) => string.Join(' ', new[]
    {
        Fields.WordOf(decision.Action!.Value), decision.Kind!.Value.Word(), decision.Fingerprint![..ShownOfFingerprint], decision.KeyId?.ToString(), decision.Name,
    }.OfType<string>());
}
