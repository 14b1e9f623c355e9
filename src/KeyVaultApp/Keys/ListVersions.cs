using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Keys;

/// <summary>The values a key has had, newest first, without showing any.</summary>
public sealed class ListVersions(KeyVaultDb db)
{
    public sealed record Row(int Number, bool IsCurrent, string? Last4, string Fingerprint, string? Region, DateTimeOffset CreatedAt, string CreatedBy);

    public async Task<Page<Row>> RunAsync(Guid id, ListQuery list, CancellationToken ct)
    {
        var key = await db.FindKeyAsync(id, ct);
        return await db.KeyVersions.AsNoTracking()
            .Where(version => version.KeyId == id)
            .OrderByDescending(version => version.Number)
            .Select(version => new Row(
                version.Number, version.Number == key.CurrentVersion, version.Last4, version.Fingerprint, version.Region, version.CreatedAt, version.CreatedBy))
            .ToPageAsync(list, ct);
    }
}
