using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;

namespace KeyVaultApp.IntegrationTests.Access;

/// <summary>Somebody who calls: with a token, with the cookie of a session, or with nothing.</summary>
public sealed class Caller(string name, char? role, Uri address, string? token = null) : IDisposable
{
    private char? _role = role;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = address };

    // By hand: a cookie jar would keep Secure cookies from plain HTTP, which browsers do not on loopback.
    private readonly Dictionary<string, string> _cookies = [];
    private string? _formToken;

    public string Name => name;

    /// <summary>A, O, U or R; null may do nothing that needs to know who it is.</summary>
    public char? Role => _role;

    public bool HasToken => token is not null;

    public string CookieHeader => string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}"));

    /// <summary>Whose session goes on though they may do nothing any more.</summary>
    public Caller WithoutRole()
    {
        _role = null;
        return this;
    }

    /// <summary>As a page elsewhere would send it: the browser adds the cookies, and nobody the token.</summary>
    public void ForgetFormToken() => _formToken = null;

    public async Task<Caller> SignInAsync(string email, string password)
    {
        Assert.Equal(HttpStatusCode.Redirect, (await TryPasswordAsync(email, password)).StatusCode);
        await OpenAsync("/account/password");
        return this;
    }

    /// <summary>Sends the sign-in form; what comes back may be the way in, the second step, or a no.</summary>
    public async Task<HttpResponseMessage> TryPasswordAsync(string email, string password)
    {
        await OpenAsync("/sign-in");
        return await PostAsync("/sign-in", ("email", email), ("password", password));
    }

    /// <summary>Opens a page, and keeps its form token for what is sent next.</summary>
    public async Task<string> OpenAsync(string path)
    {
        var page = await SendAsync(HttpMethod.Get, path);
        Assert.True(page.IsSuccessStatusCode, $"{name}: {path} answered {(int)page.StatusCode}.");
        var html = await page.Content.ReadAsStringAsync();
        _formToken = FieldIn(html, "__RequestVerificationToken");
        return html;
    }

    /// <summary>Sends a form with the token of the page that was opened last.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, params (string Name, string Value)[] fields) =>
        SendAsync(HttpMethod.Post, path, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));

    /// <summary>What a hidden field of a page holds.</summary>
    public static string FieldIn(string html, string field) =>
        Regex.Match(html, $"name=\"{field}\"[^>]*value=\"(?<value>[^\"]+)\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)) is { Success: true } match
            ? WebUtility.HtmlDecode(match.Groups["value"].Value)
            : throw new InvalidOperationException($"No {field} in: {html}");

    /// <summary>The form token, to send it as somebody else's.</summary>
    public string FormToken => _formToken ?? throw new InvalidOperationException("No page was opened.");

    public void TakeFormToken(string other) => _formToken = other;

    public string this[string cookie]
    {
        get => _cookies[cookie];
        set => _cookies[cookie] = value;
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (_cookies.Count > 0) request.Headers.Add("Cookie", CookieHeader);
        if (_formToken is not null && method != HttpMethod.Get) request.Headers.Add("RequestVerificationToken", _formToken);
        var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        foreach (var cookie in answer.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
        {
            var (key, value) = cookie.Split(';')[0].Split('=', 2) is [var first, var second] ? (first, second) : default;
            _cookies[key] = value;
        }

        return answer;
    }

    /// <summary>A request with as little in it as there can be: JSON for programs, a form for pages.</summary>
    public Task<HttpResponseMessage> SendLittleAsync(HttpMethod method, string path, string? json) => SendAsync(
        method,
        path,
        method == HttpMethod.Get || method == HttpMethod.Delete ? null
        : json is not null ? new StringContent(json, Encoding.UTF8, "application/json")
        : new FormUrlEncodedContent(new Dictionary<string, string> { ["name"] = "Somebody", ["version"] = "1" }));

    public void Dispose() => _http.Dispose();
}
