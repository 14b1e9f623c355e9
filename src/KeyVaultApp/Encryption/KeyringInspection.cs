using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Encryption;

public sealed partial class Keyring
{
    /// <exception cref="MasterKeyException">The keyring does not open.</exception>
    public async Task<KeyringStatus> StatusAsync(CancellationToken ct)
    {
        var ring = await LoadAsync(_ring, ct);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<KeyVaultDb>();
        var dataKeys = await db.DataKeys
            .OrderBy(key => key.Number)
            .Select(key => new DataKeyStatus(
                key.Number, key.Purpose, key.State, key.CreatedAt,
                db.KeyVersions.LongCount(version => version.DataKeyNumber == key.Number),
                db.BackfillEntries.LongCount(entry => entry.DataKeyNumber == key.Number)))
            .ToListAsync(ct);
        return new KeyringStatus(ring.Master.Id, source.Name, dataKeys);
    }

    /// <summary>Opens every sealed value, one after the other as the database sends them: memory does not grow with their number.</summary>
    /// <exception cref="MasterKeyException">The keyring does not open.</exception>
    public async Task<KeyringVerification> VerifyAsync(CancellationToken ct)
    {
        await OpenAsync(ct);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<KeyVaultDb>();
        var versions =
            from version in db.KeyVersions
            join key in db.Keys on version.KeyId equals key.Id
            orderby version.KeyId, version.Number
            select new { version.KeyId, version.Number, version.Sealed, key.Kind, key.Name };
        var (readable, unreadable, oldKeys) = (0L, new List<UnreadableVersion>(), new List<UnreadableOldKey>());
        await foreach (var row in versions.AsAsyncEnumerable().WithCancellation(ct))
        {
            if (await OpensAsync(row.Sealed, SealedRow.OfVersion(row.KeyId, row.Number, row.Kind), ct)) readable++;
            else unreadable.Add(new UnreadableVersion(row.KeyId, row.Number, row.Name));
        }

        var kept = db.BackfillEntries.AsNoTracking().Where(entry => entry.Sealed != null).OrderBy(entry => entry.BackfillId).ThenBy(entry => entry.AgentId);
        await foreach (var row in kept.AsAsyncEnumerable().WithCancellation(ct))
        {
            if (await OpensAsync(row.Sealed!, SealedRow.OfBackfill(row.BackfillId, row.AgentId, row.Kind), ct)) readable++;
            else oldKeys.Add(new UnreadableOldKey(row.BackfillId, row.AgentId, row.Kind));
        }

        return new KeyringVerification(readable, unreadable, oldKeys);
    }

    private async Task<bool> OpensAsync(byte[] bytes, SealedRow row, CancellationToken ct)
    {
        try
        {
            await new RevealValues(this).OpenAsync(bytes, row, ct);
            return true;
        }
        catch (UnreadableValueException)
        {
            return false;
        }
    }
}

/// <param name="Source">Where the master key is kept, as messages call it.</param>
public sealed record KeyringStatus(string MasterKeyId, string Source, IReadOnlyList<DataKeyStatus> DataKeys);

/// <param name="Versions">How many versions of keys it seals.</param>
/// <param name="OldKeys">How many old keys it seals that backfills keep.</param>
public sealed record DataKeyStatus(int Number, DataKeyPurpose Purpose, DataKeyState State, DateTimeOffset CreatedAt, long Versions, long OldKeys);

/// <param name="UnreadableOldKeys">Those that backfills keep: such a slot cannot be given back what it had.</param>
public sealed record KeyringVerification(long Readable, IReadOnlyList<UnreadableVersion> Unreadable, IReadOnlyList<UnreadableOldKey> UnreadableOldKeys);

public sealed record UnreadableVersion(Guid KeyId, int Version, string KeyName);

public sealed record UnreadableOldKey(Guid BackfillId, Guid AgentId, KeyKind Kind);
