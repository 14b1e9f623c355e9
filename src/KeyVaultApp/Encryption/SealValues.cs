using KeyVaultApp.Domain;

namespace KeyVaultApp.Encryption;

/// <summary>Seals values of keys. Folders that only write depend on this one and cannot read a value back.</summary>
public sealed class SealValues(Keyring keyring)
{
    /// <summary>
    /// Seals the value to its row under the active data key; the layout is told at <see cref="SealedRow"/>. Where another instance has
    /// destroyed that data key meanwhile, storage refuses the row: open the keyring again and seal anew.
    /// </summary>
    /// <exception cref="ArgumentException">The value holds half of a surrogate pair, so it is no text.</exception>
    /// <exception cref="MasterKeyException">The keyring does not open.</exception>
    public async Task<SealedValue> SealAsync(Secret value, SealedRow row, CancellationToken ct)
    {
        var key = await keyring.ActiveAsync(DataKeyPurpose.Values, ct);
        return new SealedValue(row.Seal(key, value), key.Number);
    }

    public Task<SealedValue> SealAsync(Secret value, Guid keyId, int version, KeyKind kind, CancellationToken ct) =>
        SealAsync(value, SealedRow.OfVersion(keyId, version, kind), ct);
}

/// <summary>What the row stores. Both together: storage keeps a data key for as long as a row names its number.</summary>
public sealed record SealedValue(byte[] Bytes, int DataKeyNumber);
