using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;

namespace KeyVaultApp.Keys;

public sealed class EnableKey(KeyVaultDb db, ActivityLog activity, TimeProvider clock)
{
    public async Task RunAsync(Guid id, Actor actor, CancellationToken ct)
    {
        var key = await db.FindKeyAsync(id, ct);
        if (key.Status == KeyStatus.Active) return;

        key.Enable(clock.GetUtcNow());
        activity.Record(actor, Actions.KeyEnabled, Target.Of(key), new { Status = KeyState.Disabled }, new { Status = KeyState.Active });
        await db.SaveChangesAsync(ct);
    }
}
