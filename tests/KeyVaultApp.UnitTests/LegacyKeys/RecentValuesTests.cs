using KeyVaultApp.Domain;
using KeyVaultApp.LegacyKeys;

namespace KeyVaultApp.UnitTests.LegacyKeys;

public sealed class RecentValuesTests
{
    private int _found;

    [Fact]
    public void A_value_is_looked_at_once_for_each_kind()
    {
        var recent = Recent();

        Assert.Equal("Tts a", recent.Of(KeyKind.Tts, new Secret("a")));
        Assert.Equal("Tts a", recent.Of(KeyKind.Tts, new Secret("a")));
        Assert.Equal("Stt a", recent.Of(KeyKind.Stt, new Secret("a")));

        Assert.Equal(2, _found);
    }

    [Fact]
    public void What_is_too_much_is_not_kept_and_answered_all_the_same()
    {
        var (recent, most, first, longer) = (Recent(), 10_000, new Secret("0"), new Secret(new string('x', 257)));

        for (var i = 0; i <= most; i++) Assert.Equal($"Tts {i}", recent.Of(KeyKind.Tts, new Secret($"{i}")));
        Assert.Equal("Tts 0", recent.Of(KeyKind.Tts, first));
        Assert.Equal(most + 2, _found);

        for (var i = 0; i < 2; i++) Assert.Equal($"Tts {longer.Reveal()}", recent.Of(KeyKind.Tts, longer));
        Assert.Equal(most + 4, _found);
    }

    private RecentValues<string> Recent() => new((kind, value) =>
    {
        _found++;
        return $"{kind} {value.Reveal()}";
    });
}
