using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using KeyVaultApp.Domain;
using KeyVaultApp.Keys;

namespace KeyVaultApp.KeyTesting;

/// <summary>Shows a key to its provider, once, and tells what it made of it. Whatever goes wrong on the way is an outcome too.</summary>
internal sealed partial class AskProvider(Outbound outbound, TimeProvider clock, ILogger<AskProvider> logger)
{
    private const int LargestBody = 64 * 1024;

    /// <param name="address">Of the settings; no part of it comes from a form but a region that was checked.</param>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public async Task<KeyTestResult> RunAsync(Provider provider, Uri address, Secret value, CancellationToken ct)
    {
        var asked = $"GET {address.Authority}";
        if (!value.IsHeaderText) return new KeyTestResult(TestOutcome.Inconclusive, AnswerWords.Of(Cause.NotSendable, provider, address.Host), 0, asked);

        var started = clock.GetTimestamp();
        var finding = await FindAsync(provider, address, value, ct);
        var milliseconds = (int)clock.GetElapsedTime(started).TotalMilliseconds;
        Log.Asked(logger, provider.Name, finding.Outcome, finding.Cause, milliseconds);
        return new KeyTestResult(finding.Outcome, finding.Says ?? AnswerWords.Of(finding.Cause ?? Cause.Unexpected, provider, address.Host), milliseconds, asked);
    }

    private async Task<Finding> FindAsync(Provider provider, Uri address, Secret value, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(provider.TimeLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            if (!provider.AllowPrivateNetwork && IsDisguised(provider, address)) return Finding.Of(Cause.RefusedAddress);
            using var request = Request(provider, address, value);
            using var response = await outbound.SendAsync(request, provider.AllowPrivateNetwork, either.Token);
            var status = (int)response.StatusCode;
            if (!provider.ReadsBodyOf(status)) return Finding.Of(provider, status, body: null, value);
            return await BodyAsync(response, either.Token) is { } body ? Finding.Of(provider, status, body, value) : Finding.Of(Cause.TooLarge);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Finding.Of(Cause.Slow);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or InvalidOperationException or NotSupportedException or FormatException)
        {
            return Finding.Of(CauseOf(e));
        }
    }

    private static HttpRequestMessage Request(Provider provider, Uri address, Secret value)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", nameof(KeyVaultApp));
        foreach (var (name, text) in provider.Headers) request.Headers.TryAddWithoutValidation(name, text);
        request.Headers.TryAddWithoutValidation(provider.Header, provider.Prefix + value.Reveal());
        return request;
    }

    /// <summary>A number that reads as an IPv4 address (2130706433, 0x7f.1, 0177.0.0.1) is written so by nobody who means well.</summary>
    private static bool IsDisguised(Provider provider, Uri address) =>
        address.HostNameType == UriHostNameType.IPv4 && !provider.BaseUrl.Contains($"//{address.Host}", StringComparison.Ordinal);

    /// <returns>Null where there is more than is read.</returns>
    private static async Task<byte[]?> BodyAsync(HttpResponseMessage response, CancellationToken ct)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        var body = new byte[LargestBody + 1];
        var length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, ct);
        return length > LargestBody ? null : body[..length];
    }

    private static Cause CauseOf(Exception exception) => exception switch
    {
        HttpRequestException { InnerException: RefusedAddressException } => Cause.RefusedAddress,
        HttpRequestException { InnerException: OperationCanceledException } => Cause.Slow,
        HttpRequestException { InnerException: AuthenticationException } => Cause.Certificate,
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => Cause.UnknownHost,
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => Cause.Unreachable,
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => Cause.Closed,
        HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } => Cause.Closed,
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => Cause.Garbled,
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => Cause.TooLarge,
        HttpRequestException { InnerException: IOException } or IOException => Cause.Closed,
        _ => Cause.Unexpected,
    };

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "A key was tested at {Provider}: {Outcome} {Cause} in {Milliseconds} ms")]
        public static partial void Asked(ILogger logger, string provider, TestOutcome outcome, Cause? cause, int milliseconds);
    }
}
