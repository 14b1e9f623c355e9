using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace KeyVaultApp.Encryption;

/// <summary>
/// Codes of authenticator apps: RFC 6238 with what every app takes (SHA-1, 30 seconds, 6 digits). And the recovery codes for
/// the day when the app is gone.
/// </summary>
public static class OneTimeCodes
{
    private const int SecretBytes = 20;
    private const int StepSeconds = 30;
    private const int Digits = 6;
    private const int Modulus = 1_000_000;

    /// <summary>Clocks differ by that much, and people type that long (RFC 6238, 5.2).</summary>
    private const int StepsAround = 1;

    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int RecoveryCodes = 10;
    private const int RecoveryLength = 16;
    private const int GroupLength = 4;

    /// <summary>160 random bits (RFC 4226, 4) in Base32 (RFC 4648, 6), as apps take them.</summary>
    public static string NewSecret() => RandomNumberGenerator.GetString(Base32, SecretBytes * 8 / 5);

    /// <returns>The time step that the code is of, now or just before or after; null where it is of none.</returns>
    public static long? StepOf(string secret, string code, DateTimeOffset now)
    {
        var given = Encoding.UTF8.GetBytes(code);
        var key = Bytes(secret);
        var current = now.ToUnixTimeSeconds() / StepSeconds;
        long? found = null;
        // All of them are looked at, whichever it is: time says nothing about the code.
        for (var step = current - StepsAround; step <= current + StepsAround; step++)
            if (CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(CodeAt(key, step)), given)) found = step;
        return found;
    }

    /// <summary>Ten codes of 80 random bits: <c>ABCD-EFGH-IJKL-MNOP</c>.</summary>
    public static IReadOnlyList<string> NewRecoveryCodes() => [.. Enumerable.Range(0, RecoveryCodes)
        .Select(_ => string.Join('-', RandomNumberGenerator.GetString(Base32, RecoveryLength).Chunk(GroupLength).Select(group => new string(group))))];

    /// <summary>SHA-256 in hexadecimal, for a code however it was typed; null for what cannot be one.</summary>
    public static string? HashOfRecoveryCode(string code)
    {
        var plain = string.Concat(code.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
        return plain.Length == RecoveryLength ? Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(plain))) : null;
    }

    internal static string CodeAt(ReadOnlySpan<byte> key, long step)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // The standard says SHA-1 and apps know no other; as a MAC it is not broken.
        HMACSHA1.HashData(key, counter, hash);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[^1] & 0xf)..]) & int.MaxValue;
        return (number % Modulus).ToString(CultureInfo.InvariantCulture).PadLeft(Digits, '0');
    }

    private static byte[] Bytes(string secret)
    {
        var bytes = new byte[secret.Length * 5 / 8];
        var (buffer, bits, filled) = (0, 0, 0);
        foreach (var letter in secret)
        {
            buffer = (buffer << 5) | Base32.IndexOf(letter);
            bits += 5;
            if (bits < 8) continue;
            bits -= 8;
            bytes[filled++] = (byte)(buffer >> bits);
        }

        return bytes;
    }
}
