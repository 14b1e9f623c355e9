using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Storage;

/// <summary>Which values keys have ever had, told by their fingerprints: so a value can be known as one that was replaced since.</summary>
public static class PastFingerprints
{
    public static async Task<IReadOnlySet<(Guid KeyId, string Fingerprint)>> PastFingerprintsAsync(this KeyVaultDb db, IReadOnlyCollection<Guid> keyIds, CancellationToken ct)
    {
        if (keyIds.Count == 0) return new HashSet<(Guid, string)>();
        var ids = keyIds.ToArray();
        var versions = await db.KeyVersions.AsNoTracking()
            .Where(version => EF.Parameter(ids).Contains(version.KeyId))
            .Select(version => new { version.KeyId, version.Fingerprint })
            .ToListAsync(ct);
        return versions.Select(version => (version.KeyId, version.Fingerprint)).ToHashSet();
    }
}
