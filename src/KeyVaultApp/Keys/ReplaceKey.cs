using FluentValidation;
using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Keys;

/// <summary>A new value for a key. Every agent follows it from the next resolution on, and none of them is touched.</summary>
public sealed class ReplaceKey(
    KeyVaultDb db, KeyUse use, NewVersions versions, ITestKeys testKeys, KeyTests tests, ActivityLog activity, TimeProvider clock)
{
    /// <param name="Region">Absent keeps the region of the value before.</param>
    /// <param name="SkipTest">Saves without asking the provider; the activity log keeps that.</param>
    /// <param name="Provider">Absent keeps the provider. It changes here only, where the value comes with it.</param>
    public sealed record Form(Secret? Value, string? Region, int? Version, bool? SkipTest, string? Provider = null);

    private sealed class Validator : AbstractValidator<Form>
    {
        public Validator()
        {
            RuleFor(form => form.Value).IsValue();
            RuleFor(form => form.Provider).IsProvider();
            RuleFor(form => form.Region).IsRegion();
            RuleFor(form => form.Version).IsVersion();
        }
    }

    private static readonly Validator Rules = new();

    public async Task<KeyTrial> RunAsync(Guid id, Form form, Actor actor, CancellationToken ct)
    {
        Rules.Check(form);
        var trial = await TryAsync(id, form, ct);
        KeyTests.RefuseIfRejected(trial.Test);

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await use.LockAsync([id], ct);
        var key = await db.FindKeyAsync(id, form.Version, ct);
        var before = new { key.CurrentVersion, key.Last4, key.Provider, key.Region };
        var number = await db.KeyVersions.Where(version => version.KeyId == id).MaxAsync(version => version.Number, ct) + 1;
        key.Provider = form.Provider ?? key.Provider;
        key.Follow(await versions.SealAsync(key, number, form.Value!, form.Region ?? key.Region, actor, ct), clock.GetUtcNow());
        tests.Add(key, trial.Test, actor);
        activity.Record(actor, Actions.KeyReplaced, Target.Of(key), before, new
        {
            key.CurrentVersion,
            key.Last4,
            key.Provider,
            key.Region,
            SkipTest = form.SkipTest is true,
            Test = trial.Test.Outcome,
        });
        await db.SaveChangesAsync(ct);
        await tests.PruneAsync(id, ct);
        await transaction.CommitAsync(ct);
        return trial;
    }

    /// <summary>Before the transaction: a provider may take seconds, and a row that is locked for so long would hold up others.</summary>
    private async Task<KeyTrial> TryAsync(Guid id, Form form, CancellationToken ct)
    {
        var key = await db.Keys.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, ct) ?? throw Refusal.NotFound("key");
        if (key.Version != form.Version) throw Refusal.StaleVersion();
        return await testKeys.TryAsync(new KeyCandidate(key.Kind, form.Provider ?? key.Provider, form.Region ?? key.Region, form.Value!), form.SkipTest is true, ct);
    }
}
