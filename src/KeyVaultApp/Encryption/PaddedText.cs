using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace KeyVaultApp.Encryption;

/// <summary>
/// Text as it is sealed: <c>length(int32, big-endian) | UTF-8 | zeros</c>, so long that its size tells next to nothing. Ciphertext is
/// as long as its plaintext, and the length of a key often gives its provider away. The sizes are 128, 512, 2048, 8192 and 32768
/// bytes: almost every API key fits the first, a service account's JSON the fourth, and the longest value allowed the last.
/// </summary>
internal static class PaddedText
{
    private const int LengthBytes = sizeof(int);
    private const int SmallestBucket = 128;
    private const int BucketFactor = 4;

    /// <returns>The padded bytes, the caller's to clear.</returns>
    /// <exception cref="ArgumentException">The text holds half of a surrogate pair, which UTF-8 cannot carry.</exception>
    public static byte[] Write(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        var padded = new byte[BucketFor(LengthBytes + length)];
        BinaryPrimitives.WriteInt32BigEndian(padded, length);
        return Utf8.FromUtf16(text, padded.AsSpan(LengthBytes), out _, out _, replaceInvalidSequences: false) == OperationStatus.Done
            ? padded
            : throw new ArgumentException("The value holds half of a surrogate pair, so it is no text that could be sent to anybody.", nameof(text));
    }

    /// <returns>The text, or null where these are not bytes that <see cref="Write"/> made.</returns>
    public static string? Read(ReadOnlySpan<byte> padded)
    {
        if (padded.Length < LengthBytes) return null;
        var length = BinaryPrimitives.ReadInt32BigEndian(padded);
        var text = padded[LengthBytes..];
        return length >= 0 && length <= text.Length ? Encoding.UTF8.GetString(text[..length]) : null;
    }

    private static int BucketFor(int length)
    {
        var bucket = SmallestBucket;
        while (bucket < length) bucket = checked(bucket * BucketFactor);
        return bucket;
    }
}
