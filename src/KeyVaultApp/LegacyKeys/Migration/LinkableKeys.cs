using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>The keys that an item of a plan can be linked to: those with its value first, then those of its workspace.</summary>
public sealed class LinkableKeys(KeyVaultDb db, TimeProvider clock)
{
    private const int Most = 500;

    public sealed record Row(Guid Id, string Name, string? Provider, string? Last4, bool HasSameValue, bool IsAssigned);

    public async Task<IReadOnlyList<Row>> RunAsync(ListItems.Row item, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return await db.Keys.AsNoTracking()
            .Where(key => key.Kind == item.Kind && key.Status == KeyStatus.Active && !(key.ExpiresAt <= now))
            .OrderByDescending(key => key.Id == item.KeyId)
            .ThenByDescending(key => key.Fingerprint == item.Fingerprint)
            .ThenByDescending(key => key.Assignments.Any(assignment => assignment.WorkspaceId == item.WorkspaceId))
            .ThenBy(key => key.NormalizedName)
            .Take(Most)
            .Select(key => new Row(
                key.Id, key.Name, key.Provider, key.Last4, key.Fingerprint == item.Fingerprint,
                key.Assignments.Any(assignment => assignment.WorkspaceId == item.WorkspaceId)))
            .ToListAsync(ct);
    }
}
