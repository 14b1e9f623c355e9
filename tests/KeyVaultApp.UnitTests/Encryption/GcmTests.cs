using System.Security.Cryptography;
using KeyVaultApp.Encryption;

namespace KeyVaultApp.UnitTests.Encryption;

public sealed class GcmTests
{
    private const string Zeros = "0000000000000000000000000000000000000000000000000000000000000000";
    private const string Key = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
    private const string Nonce = "cafebabefacedbaddecaf888";
    private const string Plaintext =
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255";
    private const string Ciphertext =
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad";

    /// <summary>
    /// McGrew and Viega, The Galois/Counter Mode of Operation, appendix B: the 256-bit cases with a 96-bit nonce.
    /// </summary>
    public static TheoryData<int, string, string, string, string, string, string> Published => new()
    {
        { 13, Zeros, Zeros[..24], "", "", "", "530f8afbc74536b9a963b4f1c4cb738b" },
        { 14, Zeros, Zeros[..24], Zeros[..32], "", "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919" },
        { 15, Key, Nonce, Plaintext, "", Ciphertext, "b094dac5d93471bdec1a502270e3cc6c" },
        { 16, Key, Nonce, Plaintext[..120], "feedfacedeadbeeffeedfacedeadbeefabaddad2", Ciphertext[..120], "76fc6ece0f4e1768cddf8853bb2d551b" },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void Published_vectors_seal_and_open(int number, string key, string nonce, string plaintext, string context, string ciphertext, string tag)
    {
        var box = Gcm.SealUnder(
            Convert.FromHexString(nonce), Convert.FromHexString(key), Convert.FromHexString(plaintext), Convert.FromHexString(context));

        Assert.True(Convert.ToHexStringLower(box) == nonce + tag + ciphertext, $"Test case {number}");
        var opened = Gcm.Open(Convert.FromHexString(key), box, Convert.FromHexString(context));
        Assert.Equal(plaintext, Convert.ToHexStringLower(opened!));
    }

    [Theory]
    [MemberData(nameof(Published))]
    public void Published_vectors_with_a_wrong_tag_do_not_open(
        int number, string key, string nonce, string plaintext, string context, string ciphertext, string tag)
    {
        _ = plaintext;
        var box = Convert.FromHexString(nonce + tag + ciphertext);
        box[12] ^= 1;

        Assert.True(Gcm.Open(Convert.FromHexString(key), box, Convert.FromHexString(context)) is null, $"Test case {number}");
    }

    [Fact]
    public void Every_seal_takes_a_nonce_of_its_own()
    {
        var key = new byte[Gcm.KeyBytes];
        var nonces = Enumerable.Range(0, 10_000).Select(_ => Convert.ToHexString(Gcm.Seal(key, [], []).AsSpan(0, 12)));

        Assert.Equal(10_000, nonces.Distinct().Count());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(27)]
    public void Less_than_a_nonce_and_a_tag_does_not_open(int length) => Assert.Null(Gcm.Open(new byte[Gcm.KeyBytes], new byte[length], []));

    [Fact]
    public void A_key_of_another_size_is_refused() =>
        Assert.ThrowsAny<CryptographicException>(() => Gcm.Open(new byte[31], new byte[Gcm.Overhead], []));
}
