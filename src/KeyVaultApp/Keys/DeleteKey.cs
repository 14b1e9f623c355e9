using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;

namespace KeyVaultApp.Keys;

/// <summary>Deletes a key that nobody uses. Its name is free again; its id is never used again and stays recognisable.</summary>
public sealed class DeleteKey(KeyVaultDb db, KeyUse use, ActivityLog activity, TimeProvider clock)
{
    public async Task RunAsync(Guid id, Actor actor, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await use.LockAsync([id], ct);
        var key = await db.FindKeyAsync(id, ct);
        await use.RefuseIfUsedAsync(id, "Agents use this key. Move them to another key first.", ct);

        db.Keys.Remove(key);
        db.KeyTombstones.Add(new KeyTombstone { Id = key.Id, Kind = key.Kind, Name = key.Name, DeletedAt = clock.GetUtcNow() });
        activity.Record(actor, Actions.KeyDeleted, Target.Of(key), before: new { key.Name, key.Kind, key.Last4 });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}
