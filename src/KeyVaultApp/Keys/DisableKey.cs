using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;

namespace KeyVaultApp.Keys;

/// <summary>Stops a key at once. In use it wants to be confirmed and is then done all the same: that is how a leak is stopped.</summary>
public sealed class DisableKey(KeyVaultDb db, KeyUse use, ActivityLog activity, TimeProvider clock)
{
    public sealed record Form(bool? Confirm);

    public async Task RunAsync(Guid id, Form? form, Actor actor, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await DisableAsync(id, form, actor, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>The same within a transaction of the caller's.</summary>
    internal async Task DisableAsync(Guid id, Form? form, Actor actor, CancellationToken ct)
    {
        await use.LockAsync([id], ct);
        var key = await db.FindKeyAsync(id, ct);
        if (key.Status == KeyStatus.Disabled) return;
        if (form?.Confirm is not true)
            await use.RefuseToStopAsync(key, "disable it", ct);

        key.Disable(clock.GetUtcNow());
        activity.Record(actor, Actions.KeyDisabled, Target.Of(key), new { Status = KeyState.Active }, new { Status = KeyState.Disabled });
        await db.SaveChangesAsync(ct);
    }
}
