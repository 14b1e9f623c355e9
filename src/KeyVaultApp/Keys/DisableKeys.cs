using FluentValidation;
using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;

namespace KeyVaultApp.Keys;

/// <summary>Stops several keys at once: all of them, or none where one is in use and that was not confirmed.</summary>
public sealed class DisableKeys(KeyVaultDb db, KeyUse use, ActivityLog activity, TimeProvider clock)
{
    public sealed record Form(IReadOnlyList<Guid>? KeyIds, bool? Confirm);

    private sealed class Validator : AbstractValidator<Form>
    {
        public Validator() => RuleFor(form => form.KeyIds).AreKeys();
    }

    private static readonly Validator Rules = new();

    /// <returns>How many keys were active until now.</returns>
    public async Task<int> RunAsync(Form form, Actor actor, CancellationToken ct)
    {
        Rules.Check(form);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await use.LockAsync(form.KeyIds!, ct);
        var active = (await db.FindKeysAsync(form.KeyIds!, ct)).Where(key => key.Status == KeyStatus.Active).ToList();
        if (form.Confirm is not true)
        {
            foreach (var key in active)
                await use.RefuseToStopAsync(key, "disable it", ct);
        }

        var now = clock.GetUtcNow();
        foreach (var key in active)
        {
            key.Disable(now);
            activity.Record(actor, Actions.KeyDisabled, Target.Of(key), new { Status = KeyState.Active }, new { Status = KeyState.Disabled });
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return active.Count;
    }
}
