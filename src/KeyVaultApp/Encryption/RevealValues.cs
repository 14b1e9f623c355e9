using KeyVaultApp.Domain;

namespace KeyVaultApp.Encryption;

/// <summary>Opens sealed values. Whoever depends on this can read keys: an architecture test says which folders do.</summary>
public sealed class RevealValues(Keyring keyring)
{
    /// <summary>
    /// Opens what stands in a row. Asks the database only for a data key that this instance
    /// has not seen: another instance may have made it.
    /// </summary>
    /// <exception cref="UnreadableValueException">
    /// It does not open, whatever the reason: changed, cut, moved here from another row, or sealed by a data key that cannot be had.
    /// That the database is away is not such a reason; its own exception tells it.
    /// </exception>
    public async ValueTask<Secret> OpenAsync(byte[] bytes, SealedRow row, CancellationToken ct)
    {
        if (SealedRow.DataKeyNumber(bytes) is not { } number)
            throw new UnreadableValueException(row, "its bytes are cut or of a format that is not known here");
        try
        {
            if (await keyring.FindAsync(number, DataKeyPurpose.Values, ct) is not { } key)
                throw new UnreadableValueException(row, $"there is no data key {number}");
            return row.Open(key, bytes) ?? throw new UnreadableValueException(row, "it was changed, or sealed for another row");
        }
        catch (MasterKeyException e)
        {
            throw new UnreadableValueException(row, $"data key {number} cannot be had", e);
        }
    }

    public ValueTask<Secret> OpenAsync(byte[] bytes, Guid keyId, int version, KeyKind kind, CancellationToken ct) =>
        OpenAsync(bytes, SealedRow.OfVersion(keyId, version, kind), ct);
}

/// <summary>A sealed value does not open. The message names the row and the reason, never any of the bytes.</summary>
public sealed class UnreadableValueException : Exception
{
    internal UnreadableValueException(SealedRow row, string reason, Exception? inner = null)
        : base($"{row} does not open: {reason}.", inner)
    {
    }
}
