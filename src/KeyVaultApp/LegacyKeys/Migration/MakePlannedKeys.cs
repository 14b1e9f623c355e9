using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Keys;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>
/// Makes KeyResources out of legacy keys that have none, in the transaction that links the first agent to each: a run that is
/// stopped leaves no key behind that nobody uses. From the old column into a sealed version, and nobody sees them.
/// </summary>
public sealed class MakePlannedKeys(KeyVaultDb db, NewVersions versions, ActivityLog activity, TimeProvider clock)
{
    private const int FirstVersion = 1;

    public sealed record Order(KeyKind Kind, string Fingerprint, string Name, Secret Value);

    /// <returns>The key of each order; null where its name is taken meanwhile.</returns>
    public async Task<IReadOnlyDictionary<(KeyKind Kind, string Fingerprint), Guid?>> RunAsync(MigrationRun run, IReadOnlyList<Order> orders, CancellationToken ct)
    {
        var made = new Dictionary<(KeyKind Kind, string Fingerprint), Guid?>();
        if (orders is []) return made;

        var names = orders.Select(order => Text.Normalize(order.Name)).ToArray();
        var taken = await db.Keys.Where(key => EF.Parameter(names).Contains(key.NormalizedName)).Select(key => key.NormalizedName).ToHashSetAsync(ct);
        var workspaces = await WorkspacesAsync(run, orders, ct);
        var (keys, entries) = (new List<KeyResource>(), new List<ActivityEntry>());
        foreach (var order in orders)
        {
            var id = (order.Kind, order.Fingerprint);
            if (!taken.Add(Text.Normalize(order.Name)))
            {
                made.Add(id, null);
                continue;
            }

            var key = await SealAsync(run, order, ct);
            made.Add(id, key.Id);
            keys.Add(key);
            entries.Add(activity.Entry(
                RunLookup.StarterOf(run), Actions.KeyCreated, Target.Of(key), after: new { key.Name, key.Kind, key.Last4, WorkspaceIds = workspaces[id], RunId = run.Id }));
        }

        await db.BulkInsertAsync(keys, ct);
        await db.BulkInsertAsync(keys.SelectMany(key => key.Versions), ct);
        await db.BulkInsertAsync(keys.SelectMany(key => workspaces[(key.Kind, key.Fingerprint)].Select(workspace => new KeyAssignment { KeyId = key.Id, WorkspaceId = workspace })), ct);
        await db.BulkInsertAsync(made.Select(key => new RunKey { RunId = run.Id, Kind = key.Key.Kind, Fingerprint = key.Key.Fingerprint, KeyId = key.Value }), ct);
        await db.BulkInsertAsync(entries, ct);
        await db.MigrationRuns.Where(row => row.Id == run.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.Created, row => row.Created + keys.Count), ct);
        return made;
    }

    /// <summary>All that hold each of these values and are still there.</summary>
    private async Task<ILookup<(KeyKind Kind, string Fingerprint), Guid>> WorkspacesAsync(MigrationRun run, IReadOnlyList<Order> orders, CancellationToken ct)
    {
        var fingerprints = orders.Select(order => order.Fingerprint).Distinct().ToArray();
        var holders = await (
            from held in db.PlanGroups
            where held.PlanId == run.PlanId && KeyKinds.All.Contains(held.Kind) && EF.Parameter(fingerprints).Contains(held.Fingerprint) && held.Action == PlanAction.Create
            where db.Workspaces.Any(workspace => workspace.Id == held.WorkspaceId)
            select new { held.Kind, held.Fingerprint, held.WorkspaceId }).Distinct().ToListAsync(ct);
        return holders.ToLookup(held => (held.Kind, held.Fingerprint), held => held.WorkspaceId);
    }

    private async Task<KeyResource> SealAsync(MigrationRun run, Order order, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var key = new KeyResource(Guid.CreateVersion7(now), order.Kind, order.Name, now);
        key.Follow(await versions.SealAsync(key, FirstVersion, order.Value, null, RunLookup.StarterOf(run), ct), now);
        return key;
    }
}
