using System.Security.Cryptography;
using System.Text;
using KeyVaultApp.Domain;

namespace KeyVaultApp.Encryption;

/// <summary>
/// Tells that two values are equal without showing them. Keyed, so that nobody with only the database can try out values
/// they suspect; of (kind, value), so that the same text under two kinds is two keys.
/// </summary>
public sealed class Fingerprints(Keyring keyring)
{
    /// <summary>
    /// 64 lower-case hex digits: HMAC-SHA256 (RFC 2104) of <c>kind(int32, big-endian) | UTF-8</c>. The kind has a fixed length, so no two
    /// pairs share an encoding. Half of a surrogate pair counts as U+FFFD, in which form alone it could ever be sent to anybody.
    /// </summary>
    /// <exception cref="InvalidOperationException">The keyring has not been opened.</exception>
    public string Of(KeyKind kind, Secret value)
    {
        byte[] message = [.. Gcm.Number((int)kind), .. Encoding.UTF8.GetBytes(value.Reveal())];
        return Convert.ToHexStringLower(HMACSHA256.HashData(keyring.Active(DataKeyPurpose.Fingerprints).Bytes, message));
    }
}
