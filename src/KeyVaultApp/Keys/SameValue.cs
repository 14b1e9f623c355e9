using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Keys;

/// <summary>Other keys of the same kind that hold the same value, told by their fingerprint.</summary>
public sealed class SameValue(KeyVaultDb db)
{
    private const int Most = 20;

    public sealed record Row(Guid Id, string Name);

    public async Task<IReadOnlyList<Row>> RunAsync(KeyRow key, CancellationToken ct) => await db.Keys.AsNoTracking()
        .Where(other => other.Kind == key.Kind && other.Fingerprint == key.Fingerprint && other.Id != key.Id)
        .OrderBy(other => other.NormalizedName)
        .Take(Most)
        .Select(other => new Row(other.Id, other.Name))
        .ToListAsync(ct);
}
