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

    private static readonly BulkColumn[] AssignmentColumns = [new("key_id", BulkType.Id), new("workspace_id", BulkType.Id)];

    private static readonly BulkColumn[] RunKeyColumns =
        [new("run_id", BulkType.Id), new("kind", BulkType.SmallNumber), new("fingerprint", BulkType.Text), new("key_id", BulkType.Id)];

    public sealed record Order(KeyKind Kind, string Fingerprint, string Name, Secret Value);

    /// <returns>The key of each order; null where its name is taken meanwhile.</returns>
    public async Task<IReadOnlyDictionary<(KeyKind Kind, string Fingerprint), Guid?>> RunAsync(MigrationRun run, IReadOnlyList<Order> orders, CancellationToken ct)
    {
        var made = new Dictionary<(KeyKind Kind, string Fingerprint), Guid?>();
        if (orders is []) return made;

        var (names, fingerprints) = (orders.Select(order => Text.Normalize(order.Name)).ToArray(), orders.Select(order => order.Fingerprint).Distinct().ToArray());
        var taken = await db.Keys.Where(key => EF.Parameter(names).Contains(key.NormalizedName)).Select(key => key.NormalizedName).ToHashSetAsync(ct);
        var workspaces = (await (
            from held in db.PlanGroups
            where held.PlanId == run.PlanId && held.Action == PlanAction.Create && EF.Parameter(fingerprints).Contains(held.Fingerprint)
            where db.Workspaces.Any(workspace => workspace.Id == held.WorkspaceId)
            select new { held.Kind, held.Fingerprint, held.WorkspaceId }).Distinct().ToListAsync(ct)).ToLookup(held => (held.Kind, held.Fingerprint), held => held.WorkspaceId);

        foreach (var order in orders)
        {
            Guid? id = taken.Add(Text.Normalize(order.Name)) ? await AddAsync(run, order, [.. workspaces[(order.Kind, order.Fingerprint)]], ct) : null;
            made.Add((order.Kind, order.Fingerprint), id);
        }

        await db.SaveChangesAsync(ct);
        // A key may be assigned to very many workspaces, so these rows go past the change tracker.
        var assignments = made.Where(key => key.Value is not null).SelectMany(key => workspaces[key.Key].Select(workspace => new object?[] { key.Value, workspace }));
        await db.BulkInsertAsync("api_key_assignments", AssignmentColumns, assignments.ToAsyncEnumerable(), ct);
        await db.BulkInsertAsync("migration_run_keys", RunKeyColumns, made.Select(key => new object?[] { run.Id, (int)key.Key.Kind, key.Key.Fingerprint, key.Value }).ToAsyncEnumerable(), ct);
        var count = made.Values.Count(id => id is not null);
        await db.MigrationRuns.Where(row => row.Id == run.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.Created, row => row.Created + count), ct);
        return made;
    }

    private async Task<Guid> AddAsync(MigrationRun run, Order order, List<Guid> workspaces, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var starter = RunLookup.StarterOf(run);
        var key = new KeyResource(Guid.CreateVersion7(now), order.Kind, order.Name, now);
        key.Follow(await versions.SealAsync(key, FirstVersion, order.Value, null, starter, ct), now);
        db.Keys.Add(key);
        activity.Record(starter, Actions.KeyCreated, Target.Of(key), after: new { key.Name, key.Kind, key.Last4, WorkspaceIds = workspaces, RunId = run.Id });
        return key.Id;
    }
}
