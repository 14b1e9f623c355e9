using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Keys;

public sealed class GetKey(KeyVaultDb db, ILegacyKeys legacy, TimeProvider clock)
{
    public async Task<KeyRow> RunAsync(Guid id, CancellationToken ct) =>
        await db.Keys.AsNoTracking().Where(key => key.Id == id).Select(KeyRow.From(db, legacy, clock.GetUtcNow())).SingleOrDefaultAsync(ct)
        ?? throw Refusal.NotFound("key");

    /// <summary>Those of the ids that are keys, by name.</summary>
    public async Task<IReadOnlyList<KeyRow>> ManyAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct) => await db.Keys.AsNoTracking()
        .Where(key => ids.Contains(key.Id))
        .OrderBy(key => key.NormalizedName)
        .Select(KeyRow.From(db, legacy, clock.GetUtcNow()))
        .ToListAsync(ct);
}
