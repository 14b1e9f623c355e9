using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace KeyVaultApp.Encryption;

/// <summary>Access tokens: shown once when they are made, kept as a hash.</summary>
public static class TokenHashes
{
    private const string Prefix = "kva_";
    private const int RandomBytes = 32;

    /// <summary><c>kva_</c> and 43 base64url characters (RFC 4648, 5): 256 random bits. The prefix lets secret scanners find a leaked one.</summary>
    public static string New() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>Whether the text has the form of a token, which says nothing about whether it is one.</summary>
    public static bool IsToken(string text) =>
        text.Length == Prefix.Length + Base64Url.GetEncodedLength(RandomBytes) && text.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The secret part of a link: 43 base64url characters, 256 random bits.</summary>
    public static string NewLink() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>SHA-256, 32 bytes.</summary>
    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
