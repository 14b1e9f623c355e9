using System.Text;

namespace KeyVaultApp.IntegrationTests.Canary;

/// <summary>Keeps every answer, with its headers, as it came over the wire.</summary>
internal sealed class Recorder(StringBuilder record) : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        await response.Content.LoadIntoBufferAsync(cancellationToken);
        record.AppendLine($"{request.Method} {request.RequestUri!.AbsolutePath}: {response.StatusCode}").Append(response.Headers).Append(response.Content.Headers)
            .AppendLine(await response.Content.ReadAsStringAsync(cancellationToken));
        return response;
    }
}
