using KeyVaultApp.Domain;
using KeyVaultApp.Encryption;
using KeyVaultApp.Keys;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys;

/// <summary>Makes KeyResources out of what agents hold: from the old column into a sealed version, with nobody in between.</summary>
internal sealed class SealOldKeys(KeyVaultDb db, Fingerprints fingerprints, NewVersions versions)
{
    private const int FirstVersion = 1;

    public async Task<IReadOnlyList<KeyVersion>> RunAsync(IQueryable<LegacyRow> rows, IReadOnlyCollection<LegacyKeyOrder> orders, Actor actor, CancellationToken ct)
    {
        var made = new List<KeyVersion>();
        foreach (var workspace in orders.GroupBy(order => order.WorkspaceId))
        {
            foreach (var (order, value) in await FindAsync(rows, workspace.Key, [.. workspace], ct))
                made.Add(await versions.SealAsync(order.Key, FirstVersion, value, order.Key.Region, actor, ct));
        }

        return made;
    }

    /// <summary>Reads agents of the workspace until every value is found. The reader is closed before anything else asks the database.</summary>
    private async Task<List<(LegacyKeyOrder Order, Secret Value)>> FindAsync(
        IQueryable<LegacyRow> rows, Guid workspaceId, IReadOnlyCollection<LegacyKeyOrder> orders, CancellationToken ct)
    {
        var missing = orders.ToDictionary(order => (order.Key.Kind, order.Fingerprint));
        var kinds = orders.Select(order => order.Key.Kind).Distinct().ToList();
        var found = new List<(LegacyKeyOrder, Secret)>();
        var held =
            from agent in db.Agents
            where agent.WorkspaceId == workspaceId
            join row in rows on agent.Id equals row.AgentId
            select row;
        await foreach (var row in held.AsAsyncEnumerable().WithCancellation(ct))
        {
            foreach (var kind in kinds)
                if (Secret.OrNull(row.Value(kind)) is { IsBlank: false } value && missing.Remove((kind, fingerprints.Of(kind, value)), out var order))
                    found.Add((order, value));
            if (missing.Count == 0) break;
        }

        return found;
    }
}
