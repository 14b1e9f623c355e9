using KeyVaultApp.KeyTesting;
using KeyVaultApp.Storage;
using Microsoft.Extensions.Configuration;

namespace KeyVaultApp.IntegrationTests.KeyTesting;

/// <summary>What cannot be used stops the start and names the setting.</summary>
public sealed class ProviderSettingsTests
{
    [Fact]
    public void A_provider_is_read_as_it_is_written()
    {
        Assert.True(Providers.From(Settings([])).TryFind("acme", out var provider));
        Assert.Equal("Bearer ", provider.Prefix);
    }

    [Fact]
    public void One_that_is_switched_off_is_gone() => Assert.False(Providers.From(Settings([("Enabled", "false")])).TryFind("acme", out _));

    [Theory]
    [InlineData("BaseUrl", "api.example")]
    [InlineData("BaseUrl", "http://api.example")]
    [InlineData("BaseUrl", "https://user:secret@api.example")]
    [InlineData("BaseUrl", "https://api.example?key=1")]
    [InlineData("BaseUrl", "ftp://api.example")]
    [InlineData("BaseUrl", "https://api.example/{region}")]
    [InlineData("NeedsRegion", "perhaps")]
    [InlineData("Path", "v1/models")]
    [InlineData("Header", "Host")]
    [InlineData("Header", "Content-Type")]
    [InlineData("Header", "X Key")]
    [InlineData("Prefix", "Bärer ")]
    [InlineData("Headers:Bad Name", "1")]
    [InlineData("Kinds:0", "speech")]
    [InlineData("Shape", "(")]
    [InlineData("TimeLimit", "00:00:11")]
    [InlineData("AllowPrivateNetwork", "yes")]
    [InlineData("BaseURI", "https://api.example")]
    [InlineData("Readings:0:Status", "99")]
    [InlineData("Readings:0:Outcome", "fine")]
    [InlineData("Readings:0:Body", "fine")]
    public void What_cannot_be_used_is_named(string setting, string value)
    {
        var refused = Assert.Throws<ConfigurationException>(() => Providers.From(Settings([(setting, value)])));

        Assert.StartsWith("Providers:acme:", refused.Key, StringComparison.Ordinal);
        if (!setting.StartsWith("BaseUrl", StringComparison.Ordinal) || !value.Contains('{')) Assert.Equal($"Providers:acme:{setting}", refused.Key);
    }

    [Fact]
    public void Http_is_for_private_networks() =>
        Assert.True(Providers.From(Settings([("BaseUrl", "http://stand-in.local"), ("AllowPrivateNetwork", "true")])).TryFind("acme", out _));

    private static IConfiguration Settings((string Setting, string Value)[] changes)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["Providers:acme:Kinds:0"] = "tts",
            ["Providers:acme:BaseUrl"] = "https://api.example",
            ["Providers:acme:Path"] = "/v1/models",
            ["Providers:acme:Header"] = "Authorization",
            ["Providers:acme:Prefix"] = "Bearer ",
            ["Providers:acme:Readings:0:Status"] = "200",
            ["Providers:acme:Readings:0:Outcome"] = "valid",
        };
        foreach (var (setting, value) in changes) settings[$"Providers:acme:{setting}"] = value;
        return new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
    }
}
