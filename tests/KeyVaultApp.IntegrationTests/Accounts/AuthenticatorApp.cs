using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace KeyVaultApp.IntegrationTests.Accounts;

/// <summary>What somebody has on their phone: RFC 6238, written apart from the product so that both can be wrong only in different ways.</summary>
internal sealed class AuthenticatorApp(string secret)
{
    private const int StepSeconds = 30;

    public string Secret => secret;

    /// <param name="away">Steps from now: the product takes -1, 0 and 1.</param>
    public string Code(int away = 0)
    {
        var counter = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, (DateTimeOffset.UtcNow.ToUnixTimeSeconds() / StepSeconds) + away);
        var bits = string.Concat(secret.Select(letter => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(letter), 2).PadLeft(5, '0')));
        var key = Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2)).ToArray();
#pragma warning disable CA5350 // The standard's.
        var hash = HMACSHA1.HashData(key, counter);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(hash[19] & 15)) & 0x7fffffff;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>Of no step that is taken now.</summary>
    public string WrongCode() => Enumerable.Range(0, 10).Select(i => $"{i}{i}{i}{i}{i}{i}").First(code => Enumerable.Range(-2, 5).All(away => Code(away) != code));
}
