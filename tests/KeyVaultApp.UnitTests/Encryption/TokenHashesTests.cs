using System.Text;
using KeyVaultApp.Encryption;

namespace KeyVaultApp.UnitTests.Encryption;

public sealed class TokenHashesTests
{
    [Fact]
    public void Tokens_carry_the_prefix_and_32_bytes_and_never_repeat()
    {
        var tokens = Enumerable.Range(0, 1000).Select(_ => TokenHashes.New()).ToList();

        Assert.All(tokens, token => Assert.Matches("^kva_[A-Za-z0-9_-]{43}$", token));
        Assert.Equal(tokens.Count, tokens.Distinct().Count());
    }

    [Fact]
    public void Hash_is_sha_256_of_the_token() => Assert.Equal(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        Convert.ToHexStringLower(TokenHashes.Hash(Encoding.UTF8.GetString("abc"u8))));
}
