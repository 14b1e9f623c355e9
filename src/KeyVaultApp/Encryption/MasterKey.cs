using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using KeyVaultApp.Domain;

namespace KeyVaultApp.Encryption;

/// <summary>The key above the keyring: 32 bytes that wrap the data keys and are never in the database.</summary>
public sealed class MasterKey : IDisposable
{
    private const int IdBytes = 4;

    private readonly byte[] _bytes;

    private MasterKey(byte[] bytes)
    {
        _bytes = bytes;
        Id = Convert.ToHexStringLower(HKDF.DeriveKey(HashAlgorithmName.SHA256, bytes, IdBytes, info: "KeyVaultApp master key id"u8.ToArray()));
    }

    /// <summary>8 hex digits that tell master keys apart and say nothing else about them (HKDF-SHA256, RFC 5869).</summary>
    public string Id { get; }

    /// <param name="base64">One line of base64 of 32 bytes; white space around it does not matter.</param>
    /// <param name="source">Where it comes from, for the message.</param>
    /// <exception cref="MasterKeyException">It is anything else.</exception>
    internal static MasterKey Decode(ReadOnlySpan<byte> base64, string source)
    {
        var bytes = new byte[Gcm.KeyBytes];
        if (Base64.DecodeFromUtf8(base64.Trim(" \t\r\n"u8), bytes, out _, out var written) != OperationStatus.Done || written != bytes.Length)
            throw new MasterKeyException($"{source} does not hold a master key: that is one line of base64 of {Gcm.KeyBytes} bytes.");
        return new MasterKey(bytes);
    }

    /// <summary>Wraps a data key for <c>data_keys.wrapped</c>: a <see cref="Gcm"/> box that opens for this number and purpose only.</summary>
    internal byte[] Wrap(int number, DataKeyPurpose purpose, ReadOnlySpan<byte> key) => Gcm.Seal(_bytes, key, Context(number, purpose));

    /// <exception cref="MasterKeyException">Another master key wrapped it, or the row was changed.</exception>
    internal UnwrappedKey Unwrap(DataKey row, string source)
    {
        if (row.MasterKeyId != Id)
            throw new MasterKeyException($"Data key {row.Number} is wrapped by master key {row.MasterKeyId}. {source} holds master key {Id} instead. Nothing was written.");
        var bytes = Gcm.Open(_bytes, row.Wrapped, Context(row.Number, row.Purpose));
        return bytes is { Length: Gcm.KeyBytes }
            ? new UnwrappedKey(row.Number, row.Purpose, row.State, bytes)
            : throw new MasterKeyException($"Data key {row.Number} does not open under its master key {Id}: its row was changed. Restore data_keys from a backup.");
    }

    /// <summary>Wraps anything else: a <see cref="Gcm"/> box that opens under the same label only, which names where it is kept.</summary>
    internal byte[] Wrap(ReadOnlySpan<byte> label, ReadOnlySpan<byte> plaintext) => Gcm.Seal(_bytes, plaintext, label);

    /// <returns>The plaintext, the caller's to clear; null where it does not open.</returns>
    internal byte[]? Unwrap(ReadOnlySpan<byte> label, ReadOnlySpan<byte> box) => Gcm.Open(_bytes, box, label);

    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);

    private static byte[] Context(int number, DataKeyPurpose purpose) => [.. "data_keys"u8, .. Gcm.Number(number), .. Gcm.Number((int)purpose)];
}

/// <summary>The keyring cannot be opened or made. The message says what a person can do; it carries ids of keys, never bytes.</summary>
public sealed class MasterKeyException(string message) : Exception(message);
