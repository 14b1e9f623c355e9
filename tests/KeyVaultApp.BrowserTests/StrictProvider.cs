using System.Net;
using System.Net.Sockets;
using System.Text;

namespace KeyVaultApp.BrowserTests;

/// <summary>A provider on loopback that takes keys with <c>good</c> in them and refuses all others.</summary>
public sealed class StrictProvider : IAsyncDisposable
{
    public const string Name = "strict";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _loop;

    public StrictProvider()
    {
        _listener.Start();
        _loop = LoopAsync();
    }

    public IEnumerable<(string Name, string Value)> Settings =>
    [
        ($"Providers__{Name}__Title", "Strict"),
        ($"Providers__{Name}__Kinds__0", "tts"),
        ($"Providers__{Name}__BaseUrl", $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}"),
        ($"Providers__{Name}__AllowPrivateNetwork", "true"),
        ($"Providers__{Name}__Path", "/"),
        ($"Providers__{Name}__Header", "x-api-key"),
        ($"Providers__{Name}__Readings__0__Status", "200"),
        ($"Providers__{Name}__Readings__0__Outcome", "valid"),
        ($"Providers__{Name}__Readings__1__Status", "401"),
        ($"Providers__{Name}__Readings__1__Outcome", "rejected"),
    ];

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _loop;
    }

    private async Task LoopAsync()
    {
        var head = new byte[8192];
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                var stream = client.GetStream();
                var length = await stream.ReadAsync(head);
                var status = Encoding.ASCII.GetString(head, 0, length).Contains("good", StringComparison.Ordinal) ? 200 : 401;
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} Status\r\nContent-Length: 0\r\n\r\n"));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException or OperationCanceledException)
        {
            // The tests are over.
        }
    }
}
