using System.Net;
using System.Text;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Web;

/// <summary>What can be wrong with a request around its fields.</summary>
public sealed class RequestTests(SqliteApp shared) : AppTests(shared)
{
    private const string Address = "/api/v1/workspaces";

    [Fact]
    public async Task A_body_over_a_mebibyte_is_too_large_and_one_below_is_read()
    {
        await (await PostAsync(1024 * 1024 + 1)).ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "too_large");
        await (await PostAsync(1024 * 1024)).ProblemAsync(HttpStatusCode.BadRequest, "invalid", "name");

        Task<HttpResponseMessage> PostAsync(int length) => Admin.SendTextAsync(HttpMethod.Post, Address, $"{{\"name\":\"{new string('n', length - 11)}\"}}");
    }

    [Fact]
    public async Task A_body_of_untold_length_is_measured_too()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = new StreamContent(new Endless()) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.TransferEncodingChunked = true;

        // The server may close the connection on a client that goes on sending.
        try
        {
            using var answer = await Admin.Http.SendAsync(request, TestContext.Current.CancellationToken);
            await answer.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "too_large");
        }
        catch (HttpRequestException)
        {
            Assert.Equal(HttpStatusCode.OK, (await Admin.GetAsync(Address)).StatusCode);
        }
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task A_body_that_is_not_JSON_by_its_type_is_refused(string mediaType) =>
        await (await Admin.SendTextAsync(HttpMethod.Post, Address, "{\"name\":\"x\"}", mediaType)).ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");

    [Fact]
    public async Task Another_encoding_than_UTF_8_is_refused_and_its_name_is_no_matter_of_case()
    {
        await (await PostAsync("klingon")).ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        await (await PostAsync("utf-16")).ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        await (await PostAsync("UTF-8")).ProblemAsync(HttpStatusCode.BadRequest, "invalid", "name");

        async Task<HttpResponseMessage> PostAsync(string charset)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = new ByteArrayContent("{}"u8.ToArray()) };
            request.Content.Headers.TryAddWithoutValidation("Content-Type", $"application/json; charset={charset}");
            return await Admin.Http.SendAsync(request, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task What_is_wrong_with_a_body_is_told_in_words()
    {
        var cut = await (await Admin.SendTextAsync(HttpMethod.Post, "/api/v1/keys", "{\"name\":\"a\",\"value")).ProblemAsync(HttpStatusCode.BadRequest, "invalid");
        Assert.Contains("not valid JSON", cut.Text("detail"), StringComparison.Ordinal);
        var word = await (await Admin.SendTextAsync(HttpMethod.Post, "/api/v1/keys", "{\"kind\":\"fax\"}")).ProblemAsync(HttpStatusCode.BadRequest, "invalid", "kind");
        Assert.Equal("kind must be one of tts, stt, elevenlabs.", word.Text("detail"));
        foreach (var answer in new[] { await App.Client().GetAsync(Address), await Admin.GetAsync($"/api/v1/agents/{Guid.NewGuid()}/keys/tts"), await Admin.GetAsync("/api/v1/nothing") })
            Assert.NotEmpty((await answer.ProblemAsync(answer.StatusCode)).Text("detail"));
    }

    public static TheoryData<string, int> BrokenForms => new()
    {
        { $"email={new string('x', 1024 * 1024)}", 413 },
        { "email=%00&password=%00", 400 },
        { string.Join('&', Enumerable.Range(0, 1100).Select(i => $"a{i}=1")), 400 },
        { $"{new string('k', 2100)}=1", 400 },
        { "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nfoo", 400 },
        { "--y", 400 },
    };

    /// <summary>By whom nobody knows, since the sign-in page is for everybody.</summary>
    [Theory]
    [MemberData(nameof(BrokenForms))]
    public async Task A_form_that_cannot_be_read_is_no_fault_of_ours(string body, int status)
    {
        await App.Database.OpenPanelAsync();
        var mediaType = body.StartsWith("--x", StringComparison.Ordinal) ? "multipart/form-data; boundary=x" : body.StartsWith("--", StringComparison.Ordinal) ? "multipart/form-data" : "application/x-www-form-urlencoded";

        using var answer = await App.Client().SendTextAsync(HttpMethod.Post, "/sign-in", body, mediaType);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains(status == 413 ? "larger than this page takes" : "cannot be read", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF_8_are_refused()
    {
        byte[] body = [.. "{\"name\":\"a"u8, 0xC3, 0x28, .. "\"}"u8];

        await (await Admin.SendBytesAsync(HttpMethod.Post, Address, body)).ProblemAsync(HttpStatusCode.BadRequest, "invalid");
    }

    [Fact]
    public async Task An_empty_body_is_refused_where_members_are_needed() =>
        await (await Admin.SendBytesAsync(HttpMethod.Post, Address, [])).ProblemAsync(HttpStatusCode.BadRequest, "invalid");

    [Fact]
    public async Task A_method_that_there_is_not_is_a_problem() =>
        await (await Admin.SendTextAsync(HttpMethod.Delete, Address, "{}")).ProblemAsync(HttpStatusCode.MethodNotAllowed, "method_not_allowed");

    [Theory]
    [InlineData("/api/v1/keys/not-an-id")]
    [InlineData("/api/v1/keys/00000000-0000-0000-0000-000000000000")]
    public async Task An_id_in_the_address_that_is_none_is_not_found(string path) =>
        await (await Admin.GetAsync(path)).ProblemAsync(HttpStatusCode.NotFound, "not_found");

    [Fact]
    public async Task Every_answer_has_the_headers_that_protect_it()
    {
        foreach (var answer in new[] { await Admin.GetAsync(Address), await Admin.GetAsync("/api/v1/nothing"), await App.Client().GetAsync(Address) })
        {
            Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
            Assert.Contains("frame-ancestors 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.False(answer.Headers.Contains("Server"));
            Assert.False(answer.Headers.Contains("Set-Cookie"));
        }
    }

    /// <summary>Four mebibytes of a text that does not end.</summary>
    private sealed class Endless() : MemoryStream(Encoding.ASCII.GetBytes("{\"name\":\"" + new string('n', 4 * 1024 * 1024)))
    {
        public override bool CanSeek => false;
    }
}
