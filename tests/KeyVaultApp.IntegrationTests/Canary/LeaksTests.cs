using System.Text;

namespace KeyVaultApp.IntegrationTests.Canary;

/// <summary>The scanner finds what is planted, in every form, and nothing where nothing is.</summary>
public sealed class LeaksTests
{
    private static readonly byte[] Noise = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 500).Select(number => $"line {number} kv+/ =&%<'>\n")));

    [Fact]
    public void Every_form_is_found_wherever_it_stands()
    {
        var canary = Leaks.NewCanary();

        Assert.True(Leaks.FormsOf(canary).Count > 20);
        Assert.All(Leaks.FormsOf(canary), form => Assert.Contains(form.Form, Leaks.In([.. Noise, .. form.Bytes, .. Noise], canary)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("ab")]
    public void A_value_in_the_midst_of_base64_is_found(string before)
    {
        var canary = Leaks.NewCanary();
        var header = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{before}{canary} and more"));

        Assert.Contains(Leaks.In(Encoding.ASCII.GetBytes(header), canary), form => form.StartsWith("base64", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_is_found_where_nothing_is()
    {
        Assert.Empty(Leaks.In(Noise, Leaks.NewCanary()));
        Assert.Empty(Leaks.In([], Leaks.NewCanary()));
    }
}
