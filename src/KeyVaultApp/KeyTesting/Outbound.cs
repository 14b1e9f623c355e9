using System.Net;
using System.Net.Sockets;
using KeyVaultApp.Encryption;

namespace KeyVaultApp.KeyTesting;

/// <summary>
/// The only way out of this product. A connection goes to exactly the address that was checked, so a name that resolves anew
/// gains nothing; it is used once. No redirect, proxy, cookie or credential of the machine, no trace header, and none of the
/// framework's request logging, which could be asked to print headers.
/// </summary>
internal sealed class Outbound : IDisposable
{
    private const int LongestHeadersKb = 16;

    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;

    // Two, since the pool of one could hand a connection that was opened for a private network to a request that has no right to it.
    private readonly HttpMessageInvoker _public;
    private readonly HttpMessageInvoker _private;

    public Outbound() : this(Dns.GetHostAddressesAsync)
    {
    }

    /// <param name="resolve">The addresses of a name: the machine's own resolver, or one whose answers change from call to call.</param>
    internal Outbound(Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        _resolve = resolve;
        _public = new(Handler(allowPrivateNetwork: false));
        _private = new(Handler(allowPrivateNetwork: true));
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, bool allowPrivateNetwork, CancellationToken ct) =>
        (allowPrivateNetwork ? _private : _public).SendAsync(request, ct);

    public void Dispose()
    {
        _public.Dispose();
        _private.Dispose();
    }

    private SocketsHttpHandler Handler(bool allowPrivateNetwork) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        MaxResponseHeadersLength = LongestHeadersKb,
        MaxResponseDrainSize = 0,
        PooledConnectionLifetime = TimeSpan.Zero,
        SslOptions = PeerCertificates.Checked(),
        ConnectCallback = (context, ct) => ConnectAsync(context.DnsEndPoint, allowPrivateNetwork, ct),
    };

    private async ValueTask<Stream> ConnectAsync(DnsEndPoint host, bool allowPrivateNetwork, CancellationToken ct)
    {
        var addresses = IPAddress.TryParse(host.Host, out var literal) ? [literal] : await _resolve(host.Host, ct);
        var allowed = allowPrivateNetwork ? addresses : Array.FindAll(addresses, PublicAddresses.Has);
        if (allowed is [] && addresses is not []) throw new RefusedAddressException();

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, host.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        finally
        {
            if (!socket.Connected) socket.Dispose();
        }
    }
}

/// <summary>The host leads to an address that keys are not sent to.</summary>
internal sealed class RefusedAddressException : Exception;
