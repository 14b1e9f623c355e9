using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using KeyVaultApp.Domain;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace KeyVaultApp.UnitTests.Domain;

public sealed class SecretTests
{
    private const string Canary = "canary-6f1e-secret-9b2d";
    private const string UuidCanary = "1f0c8f7e-52f4-4cb3-9d6f-6a1f6b0c9d2e";

    private static readonly Gen<string> Values =
        Gen.Choose(0, 300).SelectMany(length => Gen.ArrayOf(Gen.Elements("abcXYZ019-_.*• é漢".ToCharArray()), length)).Select(characters => new string(characters));

    [Fact]
    public void Short_values_show_nothing_and_no_value_shows_more_than_four_characters() => Holds(value =>
        new Secret(value).Last4 is var last4 && (value.Length < 12 ? last4 is null : last4 == value[^4..]));

    [Theory]
    [InlineData("12345678901", null)]
    [InlineData("123456789012", "9012")]
    [InlineData("1234567890🔑123", null)]
    [InlineData("1234567890🔑12", "🔑12")]
    public void The_last_four_start_at_twelve_characters_and_never_inside_one(string value, string? last4) =>
        Assert.Equal(last4, new Secret(value).Last4);

    [Fact]
    public void Whatever_a_screen_shows_of_a_value_is_a_mask_when_it_comes_back() => Holds(value =>
        new[] { "...", "…", "••••", "********" }.All(hidden => new Secret(hidden + new Secret(value).Last4).IsMask));

    [Theory]
    [InlineData("...")]
    [InlineData("...1234")]
    [InlineData("  •••• \r\n")]
    [InlineData("****.abc")]
    [InlineData("…")]
    [InlineData("…1234")]
    public void Masks_are_recognised(string value) => Assert.True(new Secret(value).IsMask);

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("**1234")]
    [InlineData("...12345")]
    [InlineData("...123")]
    [InlineData("sk_1234567890...1234")]
    [InlineData("1234")]
    public void Values_that_only_resemble_a_mask_are_values(string value) => Assert.False(new Secret(value).IsMask);

    [Theory]
    [InlineData("1f0c8f7e-52f4-4cb3-9d6f-6a1f6b0c9d2e", true)]
    [InlineData("1F0C8F7E-52F4-4CB3-9D6F-6A1F6B0C9D2E", true)]
    [InlineData("00000000-0000-0000-0000-000000000000", true)]
    [InlineData("1f0c8f7e52f44cb39d6f6a1f6b0c9d2e", false)]
    [InlineData("{1f0c8f7e-52f4-4cb3-9d6f-6a1f6b0c9d2e}", false)]
    [InlineData("(1f0c8f7e-52f4-4cb3-9d6f-6a1f6b0c9d2e)", false)]
    [InlineData(" 1f0c8f7e-52f4-4cb3-9d6f-6a1f6b0c9d2e", false)]
    [InlineData("1f0c8f7e-52f4-4cb3-9d6f-6a1f6b0c9d2e\n", false)]
    [InlineData("0x0c8f7e-52f4-4cb3-9d6f-6a1f6b0c9d2e", false)]
    [InlineData("+f0c8f7e-52f4-4cb3-9d6f-6a1f6b0c9d2e", false)]
    [InlineData("1f0c8f7e-52f4-4cb3-9d6f-6a1f6b0c9d2g", false)]
    [InlineData("1f0c8f7e-52f4-4cb3-9d6f-6a1f6b0c9d2", false)]
    [InlineData("", false)]
    public void Only_a_uuid_as_we_write_it_names_a_key(string value, bool names) =>
        Assert.Equal(names ? Guid.Parse(value) : null, new Secret(value).AsKeyId);

    [Theory]
    [InlineData(Canary)]
    [InlineData(UuidCanary)]
    public void No_way_of_printing_shows_the_value(string value)
    {
        foreach (var (way, text) in Printed(new Secret(value), new { Key = new Secret(value) }))
            Assert.False(text.Contains(value, StringComparison.OrdinalIgnoreCase), $"{way} shows it: {text}");
    }

    [Fact]
    public void Every_way_of_printing_would_show_a_plain_string()
    {
        foreach (var (way, text) in Printed(Canary, new { Key = Canary }))
            Assert.True(text.Contains(Canary), $"{way} shows nothing: {text}");
    }

    [Fact]
    public void Json_in_becomes_a_secret_and_only_a_string_is_taken()
    {
        Assert.Equal(Canary, JsonSerializer.Deserialize<Secret>($"\"{Canary}\"")!.Reveal());
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Secret>("12345"));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Secret>("\"\\ud83d\""));
    }

    [Fact]
    public void A_debugger_shows_three_dots()
    {
        Assert.Equal("...", typeof(Secret).GetCustomAttribute<DebuggerDisplayAttribute>()!.Value);
        Assert.All(
            typeof(Secret).GetFields(BindingFlags.Instance | BindingFlags.NonPublic),
            field => Assert.Equal(DebuggerBrowsableState.Never, field.GetCustomAttribute<DebuggerBrowsableAttribute>()?.State));
    }

    private static IEnumerable<(string Way, string Text)> Printed(object secret, object holder)
    {
        yield return ("ToString", secret.ToString()!);
        yield return ("interpolation", $"{secret} {secret,40}");
        yield return ("string.Format", string.Format("{0}", secret));
        yield return ("JSON", JsonSerializer.Serialize(secret));
        yield return ("JSON of a holder", JsonSerializer.Serialize(holder));
        yield return ("record", new Holder(secret).ToString());
        foreach (var template in new[] { "{Key}", "{@Key}", "{$Key}" })
            yield return ($"structured log {template}", Logged(template, secret));
        yield return ("structured log of a holder", Logged("{@Holder}", holder));
    }

    private static string Logged(string template, object argument)
    {
        var sink = new Sink();
        using var serilog = new LoggerConfiguration().WriteTo.Sink(sink).CreateLogger();
        using var factory = LoggerFactory.Create(logging => logging.AddSerilog(serilog));
#pragma warning disable CA2254 // The template is what is tested.
        factory.CreateLogger("test").LogInformation(template, argument);
#pragma warning restore CA2254
        return Assert.Single(sink.Lines);
    }

    private static void Holds(Func<string, bool> property) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(Values.ToArbitrary(), property));

    private sealed record Holder(object Key);

    private sealed class Sink : ILogEventSink
    {
        public List<string> Lines { get; } = [];

        public void Emit(LogEvent logEvent) =>
            Lines.Add($"{logEvent.RenderMessage()} {string.Join(' ', logEvent.Properties.Select(property => property.Value))}");
    }
}
