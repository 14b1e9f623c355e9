using System.Buffers.Binary;
using System.Security.Cryptography;

namespace KeyVaultApp.Encryption;

/// <summary>
/// AES-256-GCM with a random 96-bit nonce: <c>nonce(12) | tag(16) | ciphertext</c>, called a box here.
/// NIST SP 800-38D, 8.3 allows a key 2^32 random nonces, one for each value that it seals.
/// </summary>
internal static class Gcm
{
    public const int KeyBytes = 32;
    public const int Overhead = NonceBytes + TagBytes;

    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    public static byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> context) =>
        SealUnder(RandomNumberGenerator.GetBytes(NonceBytes), key, plaintext, context);

    /// <summary>For <see cref="Seal"/>, and for published vectors: nobody else may choose a nonce.</summary>
    internal static byte[] SealUnder(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> key, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> context)
    {
        var box = new byte[Overhead + plaintext.Length];
        nonce.CopyTo(box);
        // A new instance each time: one that threads share corrupts data without a word.
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, plaintext, box.AsSpan(Overhead), box.AsSpan(NonceBytes, TagBytes), context);
        return box;
    }

    /// <returns>The plaintext, the caller's to clear; null where box, key and context do not belong together.</returns>
    public static byte[]? Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> box, ReadOnlySpan<byte> context)
    {
        if (box.Length < Overhead) return null;
        var plaintext = new byte[box.Length - Overhead];
        using var aes = new AesGcm(key, TagBytes);
        try
        {
            aes.Decrypt(box[..NonceBytes], box[Overhead..], box[NonceBytes..Overhead], plaintext, context);
            return plaintext;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    /// <summary>A number as contexts and headers carry it: four bytes, big-endian.</summary>
    public static byte[] Number(int number)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }
}
