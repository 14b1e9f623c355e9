using System.Security.Cryptography;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Encryption;

public sealed partial class Keyring
{
    /// <summary>
    /// Makes the first data keys, and the master key where the source can keep one. Only where there is no data key and
    /// nothing sealed; else it changes nothing. Any number of processes may call it at once.
    /// </summary>
    /// <exception cref="MasterKeyException">A keyring is missing that must not be made anew, or there is no usable master key.</exception>
    public async Task CreateIfMissingAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<KeyVaultDb>();
        if (await db.DataKeys.AnyAsync(ct)) return;
        if (await db.KeyVersions.AnyAsync(ct) || await db.BackfillEntries.AnyAsync(entry => entry.Sealed != null, ct))
            throw new MasterKeyException("The database holds sealed values but no data keys. Restore data_keys from a backup; a new keyring would open none of them. Nothing was written.");

        // The numbers are claimed before there is a master key: the database lets one process pass and holds the others up
        // until that one is done, so no two of them make a master key each.
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        DataKey[] keys = [Claim(1, DataKeyPurpose.Values), Claim(2, DataKeyPurpose.Fingerprints)];
        db.DataKeys.AddRange(keys);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (db.IsUniqueViolation(e))
        {
            return;
        }

        using var master = source.Read() ?? source.Create();
        foreach (var key in keys) WrapNew(key, master);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Whether the master key, if there is one, is well formed and opens the data keys, if there are any. Writes nothing.</summary>
    /// <exception cref="MasterKeyException">It is malformed, missing or another one.</exception>
    public async Task CheckAsync(CancellationToken ct)
    {
        source.Read()?.Dispose();
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<KeyVaultDb>();
        if (!await db.Database.CanConnectAsync(ct) || !(await db.Database.GetAppliedMigrationsAsync(ct)).Any()) return;
        if (await db.DataKeys.AnyAsync(ct)) await OpenAsync(ct);
    }

    private DataKey Claim(int number, DataKeyPurpose purpose) =>
        new() { Number = number, Purpose = purpose, Wrapped = [], MasterKeyId = "", CreatedAt = clock.GetUtcNow() };

    private static void WrapNew(DataKey key, MasterKey master)
    {
        var bytes = RandomNumberGenerator.GetBytes(Gcm.KeyBytes);
        key.Wrapped = master.Wrap(key.Number, key.Purpose, bytes);
        key.MasterKeyId = master.Id;
        CryptographicOperations.ZeroMemory(bytes);
    }
}
