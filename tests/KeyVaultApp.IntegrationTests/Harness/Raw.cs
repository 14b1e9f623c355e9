using System.Net.Http.Headers;
using System.Text;

namespace KeyVaultApp.IntegrationTests.Harness;

/// <summary>Requests that no serialiser would write.</summary>
public static class Raw
{
    public static Task<HttpResponseMessage> SendTextAsync(this Api api, HttpMethod method, string path, string body, string mediaType = "application/json") =>
        api.SendBytesAsync(method, path, Encoding.UTF8.GetBytes(body), mediaType);

    public static async Task<HttpResponseMessage> SendBytesAsync(this Api api, HttpMethod method, string path, byte[] body, string mediaType = "application/json")
    {
        using var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        // Who is refused while still sending may find the connection closed before the answer: it asks first.
        request.Headers.ExpectContinue = true;
        return await api.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
