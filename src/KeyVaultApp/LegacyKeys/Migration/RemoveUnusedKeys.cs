using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>At the end of a roll-back that asks for it: deletes the KeyResources that the run made and that nobody uses any more.</summary>
public sealed class RemoveUnusedKeys(KeyVaultDb db, ILegacyKeys legacy, RunLease lease, ActivityLog activity, TimeProvider clock)
{
    private const int KeysAtOnce = 200;

    /// <returns>Whether there was any.</returns>
    public async Task<bool> RunAsync(MigrationRun run, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await lease.RenewAsync(run.Id, ct);
        var ids = await Unused(run).Select(key => key.Id).OrderBy(id => id).Take(KeysAtOnce).ToArrayAsync(ct);
        if (ids is []) return false;

        await db.HoldRowsAsync("api_key_resources", ids, isShared: false, ct);
        // Looked at again, since only now nobody begins to use one.
        var keys = await Unused(run).Where(key => EF.Parameter(ids).Contains(key.Id)).ToListAsync(ct);
        var now = clock.GetUtcNow();
        foreach (var key in keys)
        {
            db.Keys.Remove(key);
            db.KeyTombstones.Add(new KeyTombstone { Id = key.Id, Kind = key.Kind, Name = key.Name, DeletedAt = now });
            activity.Record(RunLookup.StarterOf(run), Actions.KeyDeleted, Target.Of(key), before: new { key.Name, key.Kind, key.Last4 });
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    private IQueryable<KeyResource> Unused(MigrationRun run) =>
        from key in db.Keys
        where db.RunKeys.Any(made => made.RunId == run.RollsBack && made.KeyId == key.Id)
            && !db.Agents.Any(agent => agent.SelectedTtsKeyId == key.Id)
            && !db.Agents.Any(agent => agent.SelectedSttKeyId == key.Id)
            && !db.Agents.Any(agent => agent.SelectedElevenlabsKeyId == key.Id)
            && !legacy.Rows.Any(row => row.TtsKeyRef == key.Id.ToString().ToLower())
            && !legacy.Rows.Any(row => row.SttKeyRef == key.Id.ToString().ToLower())
            && !legacy.Rows.Any(row => row.ElevenlabsKeyRef == key.Id.ToString().ToLower())
        select key;
}
