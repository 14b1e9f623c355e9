using KeyVaultApp.Domain;
using KeyVaultApp.Encryption;
using Microsoft.Extensions.DependencyInjection;

namespace KeyVaultApp.UnitTests.Encryption;

/// <summary>
/// Bytes as customers have them in their databases. They were made by another implementation from the layout as it is
/// documented; whatever changes in Encryption/, they must open for ever.
/// </summary>
public sealed class GoldenBytesTests
{
    private const string MasterKeyBytes = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private const string MasterKeyId = "799fc26d";
    private const string Value = "sk_golden-value-ünïcode-0042";
    private const string Sealed =
        "AQEAAAABAwMDAwMDAwMDAwMDUMBMS51F/Cs+t9AWnAdL4jXSR0iaq2i7+c6LAdMTnbasJM/j7i8MJCPBONi/74VyX2ujUwPRGFCWlRbfkbHSV5o9WyAjF68e"
        + "kRnvfcOinqZb7YgsZhArAkUj6/jw78oS0bpuBeyl1lh0Zxc8/oLJprVN8mLjGVLNKfDA0Z+CWwtf2nxCLClMbVScIf3QlFuq";
    private const string SealedEmpty =
        "AQEAAAABBAQEBAQEBAQEBAQEBw5HAcRDkqp13+79U4F6K/cDxjxkptqgBXBdHM5JpEP374B75pERCJYLXobcXf2jxRtj5i6ewl+/1dtG6Tk8U4+LqRUGCWO5"
        + "5LgSW7ucvtPrlPqdLfuJUF2KrBu5Ih7h0JOrcCA6uhiojEQU3TybpK7favZiwVdSj3DgO/xi0AF+Aouk5ssTu5081bjNFYxQ";

    private static readonly Guid KeyId = new("0193f0a1-2b3c-7d4e-8f50-617283940a1b");

    [Fact]
    public async Task Golden_values_open_and_the_golden_fingerprint_holds()
    {
        await using var installation = await Installation.MigratedAsync();
        var app = await GoldenInstanceAsync(installation);

        var value = await app.Get<RevealValues>().OpenAsync(Convert.FromBase64String(Sealed), KeyId, 7, KeyKind.Elevenlabs, Installation.Ct);
        var empty = await app.Get<RevealValues>().OpenAsync(Convert.FromBase64String(SealedEmpty), KeyId, 1, KeyKind.Tts, Installation.Ct);

        Assert.Equal(Value, value.Reveal());
        Assert.Equal("", empty.Reveal());
        Assert.Equal("d5cdf5e8a2bdcee8b4f9cde12ac5adcdc4b15128d6bf51442245659dd4dd01bd", app.Get<Fingerprints>().Of(KeyKind.Elevenlabs, value));
        Assert.Equal(MasterKeyId, (await app.Get<Keyring>().StatusAsync(Installation.Ct)).MasterKeyId);
    }

    [Fact]
    public async Task Equal_text_under_another_kind_has_another_fingerprint()
    {
        await using var installation = await Installation.MigratedAsync();
        var app = await GoldenInstanceAsync(installation);

        var fingerprints = KeyKinds.All.Select(kind => app.Get<Fingerprints>().Of(kind, new Secret(Value))).ToList();

        Assert.Equal(KeyKinds.All.Count, fingerprints.Distinct().Count());
        Assert.All(fingerprints, fingerprint => Assert.Matches("^[0-9a-f]{64}$", fingerprint));
        Assert.Equal(fingerprints[0], app.Get<Fingerprints>().Of(KeyKind.Tts, new Secret(Value)));
    }

    private static async Task<ServiceProvider> GoldenInstanceAsync(Installation installation)
    {
        const string Variable = "KEYVAULT_GOLDEN_MASTER_KEY";
        Environment.SetEnvironmentVariable(Variable, MasterKeyBytes);
        var app = installation.Instance(("MasterKey:Source", "Environment"), ("MasterKey:Variable", Variable));
        await app.WithDbAsync(db =>
        {
            db.DataKeys.AddRange(
                Row(1, DataKeyPurpose.Values, "AQEBAQEBAQEBAQEBjGGWODm/xINVj2M0DCbgoVfixxZMoE5B/H1NMzRKfPf7X73opbYg68viPdehNMAO"),
                Row(2, DataKeyPurpose.Fingerprints, "AgICAgICAgICAgICOaXaUFPS6WjnQzvyOc0YRNtpW/j9nHccg8zos380lFxMuP0/wAEuphoHi1grNhed"));
            return db.SaveChangesAsync(Installation.Ct);
        });
        await app.Get<Keyring>().OpenAsync(Installation.Ct);
        return app;
    }

    private static DataKey Row(int number, DataKeyPurpose purpose, string wrapped) => new()
    {
        Number = number,
        Purpose = purpose,
        Wrapped = Convert.FromBase64String(wrapped),
        MasterKeyId = MasterKeyId,
        CreatedAt = DateTimeOffset.UnixEpoch,
    };
}
