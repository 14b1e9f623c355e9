using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace KeyVaultApp.IntegrationTests.Harness;

/// <summary>JSON over HTTP. Bodies are anonymous objects whose members are spelled as on the wire.</summary>
public sealed class Api(HttpClient http)
{
    /// <summary>For headers, multipart and whatever else this does not put into words.</summary>
    public HttpClient Http => http;

    public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<HttpResponseMessage> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    public Task<HttpResponseMessage> PostAsync(string path, object body) => SendAsync(HttpMethod.Post, path, body);

    public Task<HttpResponseMessage> PutAsync(string path, object body) => SendAsync(HttpMethod.Put, path, body);

    public Task<HttpResponseMessage> PatchAsync(string path, object body) => SendAsync(HttpMethod.Patch, path, body);

    /// <summary>GET where 200 is expected.</summary>
    public async Task<JsonElement> ReadAsync(string path) => await (await GetAsync(path)).ReadAsync();

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = JsonContent.Create(body, body.GetType(), options: AsSpelled);
        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static readonly JsonSerializerOptions AsSpelled = new();
}

public static class Answers
{
    /// <summary>The body as JSON, where the status is the expected one; what came instead is in the failure.</summary>
    public static async Task<JsonElement> ReadAsync(this HttpResponseMessage response, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == expected, $"{(int)response.StatusCode} instead of {(int)expected}: {text}");
        if (text.Length == 0) return default;
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    /// <summary>Asserts problem details (RFC 9457) with this status and code.</summary>
    /// <param name="field">A member that <c>errors</c> has to name.</param>
    public static async Task<JsonElement> ProblemAsync(this HttpResponseMessage response, HttpStatusCode status, string? code = null, string? field = null)
    {
        var problem = await response.ReadAsync(status);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.Text("trace_id"));
        var actual = problem.Text("code");
        Assert.NotEmpty(actual);
        if (code is not null) Assert.Equal(code, actual);
        if (field is not null)
            Assert.Contains(field, problem.GetProperty("errors").EnumerateObject().Where(error => error.Value.GetArrayLength() > 0).Select(error => error.Name));
        return problem;
    }

    /// <summary>The body of a page.</summary>
    public static Task<string> TextAsync(this HttpResponseMessage response) => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    public static string Text(this JsonElement json, string member) => json.GetProperty(member).GetString()!;

    public static Guid Id(this JsonElement json, string member = "id") => json.GetProperty(member).GetGuid();
}
