using System.Net;
using System.Net.Sockets;
using KeyVaultApp.KeyTesting;

namespace KeyVaultApp.UnitTests.KeyTesting;

/// <summary>A name that leads elsewhere from one look to the next: a connection goes to the address that was checked, or nowhere.</summary>
public sealed class RebindingTests : IDisposable
{
    /// <summary>Of the global unicast space, and in no block that was ever given to anybody: https://www.iana.org/assignments/ipv6-unicast-address-assignments</summary>
    private static readonly IPAddress Public = IPAddress.Parse("2e00::1");

    private readonly TcpListener _canary = new(IPAddress.Loopback, 0);
    private readonly Queue<IPAddress[]> _answers = [];
    private int _looks;

    public RebindingTests() => _canary.Start();

    [Fact]
    public async Task A_name_that_turns_private_after_the_check_is_not_looked_up_again()
    {
        using var outbound = Resolving([Public], [IPAddress.Loopback]);

        var error = await FailAsync(outbound, allowPrivateNetwork: false);

        Assert.False(IsRefused(error), "The first address is public, and was to be connected to.");
        Assert.Equal(1, _looks);
        Assert.False(_canary.Pending());
    }

    [Fact]
    public async Task A_name_that_is_private_when_it_is_looked_up_is_refused()
    {
        using var outbound = Resolving([Public], [IPAddress.Loopback]);
        await FailAsync(outbound, allowPrivateNetwork: false);

        Assert.True(IsRefused(await FailAsync(outbound, allowPrivateNetwork: false)));
        Assert.Equal(2, _looks);
        Assert.False(_canary.Pending());
    }

    [Fact]
    public async Task Of_several_addresses_only_the_public_ones_are_tried()
    {
        using var outbound = Resolving([IPAddress.Loopback, Public, IPAddress.Parse("::ffff:127.0.0.1")]);

        Assert.False(IsRefused(await FailAsync(outbound, allowPrivateNetwork: false)));
        Assert.False(_canary.Pending());
    }

    [Fact]
    public async Task The_canary_hears_who_may_reach_it()
    {
        using var outbound = Resolving([IPAddress.Loopback]);
        var request = FailAsync(outbound, allowPrivateNetwork: true);

        using (await _canary.AcceptSocketAsync(TestContext.Current.CancellationToken))
            Assert.Equal(1, _looks);
        Assert.False(IsRefused(await request));
    }

    public void Dispose() => _canary.Dispose();

    private Outbound Resolving(params IPAddress[][] answers)
    {
        foreach (var answer in answers) _answers.Enqueue(answer);
        return new Outbound((_, _) =>
        {
            _looks++;
            return Task.FromResult(_answers.Dequeue());
        });
    }

    private async Task<Exception> FailAsync(Outbound outbound, bool allowPrivateNetwork)
    {
        // Where there is a route to nowhere, nobody answers.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://rebinding.test:{((IPEndPoint)_canary.LocalEndpoint).Port}/");
        return await Assert.ThrowsAnyAsync<Exception>(() => outbound.SendAsync(request, allowPrivateNetwork, patience.Token));
    }

    private static bool IsRefused(Exception error)
    {
        for (var one = error; one is not null; one = one.InnerException)
            if (one is RefusedAddressException)
                return true;
        return false;
    }
}
