using System.Buffers.Binary;
using System.Security.Cryptography;
using KeyVaultApp.Domain;

namespace KeyVaultApp.Encryption;

/// <summary>
/// The row that a value is sealed to, and the bytes that stand in it:
/// <c>format(1) | algorithm(1) | data key number(int32, big-endian) | nonce(12) | tag(16) | ciphertext</c>.
/// What is authenticated beside the ciphertext: those first six bytes, the table, and what tells its rows apart, each of
/// fixed length. So a value that is moved to another table, row, version or kind does not open.
/// </summary>
public sealed class SealedRow
{
    private const byte Format = 1;
    private const byte Aes256Gcm = 1;
    private const int HeaderBytes = 2 + sizeof(int);

    private readonly string _name;
    private readonly byte[] _place;

    private SealedRow(string name, byte[] place) => (_name, _place) = (name, place);

    /// <summary>A value of a KeyResource.</summary>
    public static SealedRow OfVersion(Guid keyId, int version, KeyKind kind) => new(
        $"Version {version} of key {keyId} ({kind})",
        [.. "api_key_versions"u8, .. keyId.ToByteArray(bigEndian: true), .. Gcm.Number(version), .. Gcm.Number((int)kind)]);

    /// <summary>What stood in an old column before a backfill wrote it.</summary>
    public static SealedRow OfBackfill(Guid backfillId, Guid agentId, KeyKind kind) => new(
        $"The old {kind} key of agent {agentId} in backfill {backfillId}",
        [.. "backfill_journal"u8, .. backfillId.ToByteArray(bigEndian: true), .. agentId.ToByteArray(bigEndian: true), .. Gcm.Number((int)kind)]);

    /// <summary>The row as messages call it.</summary>
    public override string ToString() => _name;

    internal byte[] Seal(UnwrappedKey key, Secret value)
    {
        byte[] header = [Format, Aes256Gcm, .. Gcm.Number(key.Number)];
        var plaintext = PaddedText.Write(value.Reveal());
        var box = Gcm.Seal(key.Bytes, plaintext, Context(header));
        CryptographicOperations.ZeroMemory(plaintext);
        return [.. header, .. box];
    }

    /// <returns>The number of the data key that sealed the bytes, or null where they are not of this format.</returns>
    internal static int? DataKeyNumber(ReadOnlySpan<byte> bytes) =>
        bytes is [Format, Aes256Gcm, _, _, _, _, ..] ? BinaryPrimitives.ReadInt32BigEndian(bytes[2..]) : null;

    /// <returns>The value, or null where bytes, key and row do not belong together.</returns>
    internal Secret? Open(UnwrappedKey key, ReadOnlySpan<byte> bytes)
    {
        var plaintext = Gcm.Open(key.Bytes, bytes[HeaderBytes..], Context(bytes[..HeaderBytes]));
        var text = PaddedText.Read(plaintext);
        CryptographicOperations.ZeroMemory(plaintext);
        return text is null ? null : new Secret(text);
    }

    private byte[] Context(ReadOnlySpan<byte> header) => [.. header, .. _place];
}
