using System.Net;
using System.Net.Sockets;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Cli;

/// <summary>Where the server listens: what cannot be an address, and what somebody else has.</summary>
public sealed class ListenTests
{
    [Theory]
    [InlineData("foo")]
    [InlineData("127.0.0.1:5000")]
    [InlineData("http://127.0.0.1:99999")]
    [InlineData("http://127.0.0.1:port")]
    [InlineData("http://127.0.0.1:-1")]
    [InlineData("http://localhost:0")]
    [InlineData("http://127.0.0.1:0/panel")]
    [InlineData("https://127.0.0.1:0")]
    [InlineData("ftp://127.0.0.1:0")]
    public async Task What_is_no_address_is_wrong_usage(string address)
    {
        await using var app = await App.CreateAsync(Databases.Sqlite);

        var result = (await app.CliAsync("serve", "--urls", $"http://127.0.0.1:0;{address}")).Expect(2);

        AssertOneLine(result, "--urls", $"'{address}'");
    }

    [Fact]
    public async Task No_address_at_all_is_wrong_usage()
    {
        await using var app = await App.CreateAsync(Databases.Sqlite);

        AssertOneLine((await app.CliAsync("--urls", " ; ")).Expect(2), "--urls");
    }

    [Fact]
    public async Task An_address_in_the_environment_is_a_setting_like_others()
    {
        await using var app = await App.CreateAsync(Databases.Sqlite, ("ASPNETCORE_URLS", "foo"));

        AssertOneLine((await app.CliAsync("serve")).Expect(3), "ASPNETCORE_URLS", "'foo'");
    }

    [Fact]
    public async Task An_address_that_somebody_has_is_told_in_one_line()
    {
        await using var app = await App.CreateAsync(Databases.Sqlite);
        using var somebody = new TcpListener(IPAddress.Loopback, 0);
        somebody.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)somebody.LocalEndpoint).Port}";

        var result = (await app.CliAsync("serve", "--urls", address)).Expect(3);

        AssertOneLine(result, address, "in use", "--urls");
        Assert.Empty(Directory.GetFiles(Path.Combine(app.DataDirectory, "logs")).SelectMany(File.ReadLines));
    }

    [Fact]
    public async Task An_address_that_this_machine_lacks_is_told_in_one_line()
    {
        await using var app = await App.CreateAsync(Databases.Sqlite);

        var result = (await app.CliAsync("serve", "--urls", "http://192.0.2.1:5000")).Expect(3);

        AssertOneLine(result, "http://192.0.2.1:5000", "--urls");
    }

    private static void AssertOneLine(CliResult result, params string[] parts)
    {
        Assert.Empty(result.Output);
        var line = Assert.Single(result.Errors.TrimEnd().Split('\n'));
        Assert.All(parts, part => Assert.Contains(part, line, StringComparison.Ordinal));
    }
}
