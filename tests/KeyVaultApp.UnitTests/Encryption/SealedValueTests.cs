using KeyVaultApp.Domain;
using KeyVaultApp.Encryption;
using Microsoft.Extensions.DependencyInjection;

namespace KeyVaultApp.UnitTests.Encryption;

public sealed class SealedValueTests : IAsyncLifetime
{
    private const string Value = "sk_live-0123456789-abcdef";

    private static readonly Guid KeyId = Guid.CreateVersion7();

    private Installation _installation = null!;
    private ServiceProvider _app = null!;

    public async ValueTask InitializeAsync() => (_installation, _app) = await Installation.OpenAsync();

    public ValueTask DisposeAsync() => _installation.DisposeAsync();

    [Fact]
    public async Task A_sealed_value_opens_in_its_own_row_only()
    {
        var bytes = await SealAsync(Value);

        Assert.Equal(Value, (await OpenAsync(bytes)).Reveal());
        await DoesNotOpenAsync(bytes, keyId: Guid.CreateVersion7());
        await DoesNotOpenAsync(bytes, version: 2);
        await DoesNotOpenAsync(bytes, kind: KeyKind.Stt);
        await DoesNotOpenAsync(bytes, kind: KeyKind.Elevenlabs);
    }

    [Fact]
    public async Task What_a_backfill_keeps_opens_in_its_own_row_only_and_in_no_other_table()
    {
        var (backfill, agent) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var (seal, reveal) = (_app.Get<SealValues>(), _app.Get<RevealValues>());
        var bytes = (await seal.SealAsync(new Secret(Value), SealedRow.OfBackfill(backfill, agent, KeyKind.Tts), Installation.Ct)).Bytes;

        Assert.Equal(Value, (await reveal.OpenAsync(bytes, SealedRow.OfBackfill(backfill, agent, KeyKind.Tts), Installation.Ct)).Reveal());
        SealedRow[] others =
        [
            SealedRow.OfBackfill(backfill, agent, KeyKind.Stt), SealedRow.OfBackfill(backfill, backfill, KeyKind.Tts), SealedRow.OfBackfill(agent, agent, KeyKind.Tts),
            SealedRow.OfBackfill(agent, backfill, KeyKind.Tts), SealedRow.OfVersion(backfill, 1, KeyKind.Tts), SealedRow.OfVersion(agent, 1, KeyKind.Tts),
        ];
        foreach (var other in others)
            Assert.Contains("does not open", (await Assert.ThrowsAsync<UnreadableValueException>(() => reveal.OpenAsync(bytes, other, Installation.Ct).AsTask())).Message);
    }

    [Fact]
    public async Task With_any_single_bit_flipped_it_does_not_open()
    {
        var bytes = await SealAsync(Value);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            await DoesNotOpenAsync(bytes);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.Equal(Value, (await OpenAsync(bytes)).Reveal());
    }

    [Fact]
    public async Task Cut_anywhere_or_lengthened_it_does_not_open()
    {
        var bytes = await SealAsync(Value);
        for (var length = 0; length < bytes.Length; length++)
            await DoesNotOpenAsync(bytes[..length]);
        await DoesNotOpenAsync([.. bytes, 0]);

        Assert.Equal(Value, (await OpenAsync(bytes)).Reveal());
    }

    [Fact]
    public async Task What_does_not_open_is_told_without_value_or_bytes()
    {
        var bytes = await SealAsync(Value);
        bytes[^1] ^= 1;

        var message = (await DoesNotOpenAsync(bytes)).ToString();

        Assert.Contains(KeyId.ToString(), message);
        Assert.DoesNotContain(Value, message);
        Assert.DoesNotContain(Convert.ToBase64String(bytes)[..16], message);
        Assert.DoesNotContain(Convert.ToHexString(bytes)[..16], message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_data_key_for_fingerprints_opens_no_value()
    {
        var bytes = await SealAsync(Value);
        bytes[5] = 2;

        Assert.Contains("data key 2", (await DoesNotOpenAsync(bytes)).Message);
    }

    [Fact]
    public async Task The_same_value_never_seals_to_the_same_bytes() => Assert.NotEqual(await SealAsync(Value), await SealAsync(Value));

    [Fact]
    public async Task Values_of_any_allowed_length_come_back_and_have_one_of_few_sizes()
    {
        var sizes = new SortedSet<int>();
        foreach (var character in "aü漢")
        {
            for (var length = 0; length <= KeyResource.ValueMaxLength; length++)
            {
                var value = new string(character, length);
                var bytes = await SealAsync(value);
                Assert.Equal(value, (await OpenAsync(bytes)).Reveal());
                sizes.Add(bytes.Length - 34);
            }
        }

        Assert.Equal([128, 512, 2048, 8192, 32768], sizes);
    }

    [Theory]
    [InlineData("  spaces at both ends  ")]
    [InlineData("line\r\nbreak\0nul\uFEFF")]
    [InlineData("emoji 🔑 and a combined e\u0301")]
    public async Task Nothing_of_a_value_is_trimmed_or_normalised(string value) =>
        Assert.Equal(value, (await OpenAsync(await SealAsync(value))).Reveal());

    [Fact]
    public async Task Half_of_a_surrogate_pair_is_refused_without_being_quoted()
    {
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => SealAsync("secret\uD83D"));

        Assert.Null(refused.InnerException);
        Assert.DoesNotContain("secret", refused.Message);
        Assert.DoesNotContain("D83D", refused.Message, StringComparison.OrdinalIgnoreCase);
    }

    private async Task<byte[]> SealAsync(string value) =>
        (await _app.Get<SealValues>().SealAsync(new Secret(value), KeyId, 1, KeyKind.Tts, Installation.Ct)).Bytes;

    private ValueTask<Secret> OpenAsync(byte[] bytes) => _app.Get<RevealValues>().OpenAsync(bytes, KeyId, 1, KeyKind.Tts, Installation.Ct);

    private Task<UnreadableValueException> DoesNotOpenAsync(byte[] bytes, Guid? keyId = null, int version = 1, KeyKind kind = KeyKind.Tts) =>
        Assert.ThrowsAsync<UnreadableValueException>(
            () => _app.Get<RevealValues>().OpenAsync(bytes, keyId ?? KeyId, version, kind, Installation.Ct).AsTask());
}
