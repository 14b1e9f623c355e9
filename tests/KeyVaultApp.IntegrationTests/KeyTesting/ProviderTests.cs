using System.Net;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.KeyTesting;

/// <summary>Each provider's request and answers, and all that a network can do instead.</summary>
[Collection(TestedKeys.Name)]
public sealed class ProviderTests(TestedOnSqlite tested)
{
    public static TheoryData<string> Rows => [.. Table.Rows.Select(row => row.Provider)];

    public static TheoryData<string> LocalProviders => [.. TestedApp.LocalHosts.Select((_, index) => $"local-{index}")];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_key_that_the_provider_takes_is_valid(string provider)
    {
        var key = await (await CreateAsync(provider, "good")).ReadAsync(HttpStatusCode.Created);

        Assert.Equal("valid", key.GetProperty("test").Text("outcome"));
        Assert.Equal($"GET 127.0.0.1:{tested.Table.Port}", key.GetProperty("test").Text("asked"));
        Assert.Equal("valid", key.GetProperty("last_test").Text("outcome"));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_key_that_the_provider_refuses_is_not_saved(string provider)
    {
        var name = $"Refused {Guid.NewGuid():N}";

        var problem = await (await CreateAsync(provider, "bad", name)).ProblemAsync(HttpStatusCode.BadRequest, "key_rejected", "value");

        Assert.Equal("rejected", problem.GetProperty("test").Text("outcome"));
        Assert.Equal(0, (await tested.Admin.ReadAsync($"/api/v1/keys?search={name}")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task A_scoped_key_is_valid_and_says_what_it_lacks()
    {
        var key = await (await CreateAsync("elevenlabs", "scoped")).ReadAsync(HttpStatusCode.Created);

        Assert.Equal("valid", key.GetProperty("test").Text("outcome"));
        Assert.Contains("user_read", key.GetProperty("test").Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_comes_back_in_the_answer_is_not_told()
    {
        const string letters = "elevenlabs-echo-plain_letters_only";

        var key = await (await CreateAsync("elevenlabs", "echo", value: letters)).ReadAsync(HttpStatusCode.Created);

        Assert.Equal("valid", key.GetProperty("test").Text("outcome"));
        Assert.DoesNotContain("plain_letters_only", key.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai", "forbidden", "restricted")]
    [InlineData("google", "forbidden", "switch the API on")]
    [InlineData("elevenlabs", "unclear", "does not say")]
    [InlineData("elevenlabs", "garbled", "cannot be read")]
    [InlineData("elevenlabs", "huge", "more than is read")]
    [InlineData("openai", "headers", "more than is read")]
    [InlineData("openai", "noise", "cannot be read")]
    [InlineData("openai", "redirect", "never sent on")]
    [InlineData("openai", "closed", "closed the connection")]
    [InlineData("openai", "slow", "within 3 seconds")]
    [InlineData("openai", "often", "too often")]
    [InlineData("openai", "trouble", "trouble of its own")]
    [InlineData("openai", "odd", "does not say")]
    [InlineData("dead", "good", "cannot be reached")]
    [InlineData("nameless", "good", "has no address here")]
    [InlineData("certified", "good", "certificate is not trusted")]
    public async Task Whatever_else_happens_is_inconclusive_and_saved(string provider, string fate, string says)
    {
        var key = await (await CreateAsync(provider, fate)).ReadAsync(HttpStatusCode.Created);

        Assert.Equal("inconclusive", key.GetProperty("test").Text("outcome"));
        Assert.Contains(says, key.GetProperty("test").Text("detail"), StringComparison.Ordinal);
        Assert.Equal("inconclusive", key.GetProperty("last_test").Text("outcome"));
        Assert.Empty(tested.WronglyCertified.Heard);
    }

    [Fact]
    public async Task A_provider_is_added_by_settings_alone()
    {
        var key = await (await CreateAsync("acme", "good")).ReadAsync(HttpStatusCode.Created);
        var providers = await tested.Admin.ReadAsync("/api/v1/providers?kind=tts");

        Assert.Equal("valid", key.GetProperty("test").Text("outcome"));
        Assert.Contains("acme", providers.GetProperty("providers").EnumerateArray().Select(row => row.Text("name")));
        Assert.DoesNotContain("groq", providers.GetProperty("providers").EnumerateArray().Select(row => row.Text("name")));
    }

    [Theory]
    [MemberData(nameof(LocalProviders))]
    public async Task No_key_goes_to_a_local_address(string provider)
    {
        var before = tested.Canary.Connections;

        var key = await (await CreateAsync(provider, "good")).ReadAsync(HttpStatusCode.Created);

        Assert.Equal("inconclusive", key.GetProperty("test").Text("outcome"));
        Assert.Contains("AllowPrivateNetwork", key.GetProperty("test").Text("detail"), StringComparison.Ordinal);
        Assert.Equal(before, tested.Canary.Connections);
    }

    [Fact]
    public async Task The_canary_hears_who_may_reach_it_and_no_redirect_or_proxied_request()
    {
        await (await CreateAsync("openai", "redirect")).ReadAsync(HttpStatusCode.Created);
        await (await CreateAsync("openai", "good")).ReadAsync(HttpStatusCode.Created);
        Assert.DoesNotContain(tested.Canary.Heard, head => head.Contains("redirect", StringComparison.Ordinal) || head.StartsWith("CONNECT", StringComparison.Ordinal) || head.StartsWith("GET http", StringComparison.Ordinal));

        var key = await (await CreateAsync("control", "good")).ReadAsync(HttpStatusCode.Created);
        Assert.Equal("valid", key.GetProperty("test").Text("outcome"));
        Assert.NotEmpty(tested.Canary.Heard);
    }

    [Fact]
    public async Task A_value_stands_in_the_provider_s_header_and_nowhere_else()
    {
        string[] fates = ["good", "bad", "scoped", "slow", "noise", "redirect"];
        foreach (var fate in fates)
        {
            var value = Value("elevenlabs", fate);
            var answer = await CreateAsync("elevenlabs", fate, value: value);
            Assert.DoesNotContain(value, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

            var head = Assert.Single(tested.Table.Heard, head => head.Contains(value, StringComparison.Ordinal));
            Assert.DoesNotContain(value, head.Split("\r\n")[0], StringComparison.Ordinal);
            Assert.DoesNotContain("traceparent", head, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(value, tested.App.Printed, StringComparison.Ordinal);
            foreach (var file in Directory.EnumerateFiles(tested.App.DataDirectory, "*", SearchOption.AllDirectories))
            {
                await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
                Assert.DoesNotContain(value, await reader.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
            }
        }

        Assert.Contains("A key was tested at", tested.App.Printed, StringComparison.Ordinal);
    }

    private static string Value(string provider, string fate) => $"{provider.Replace("-", "", StringComparison.Ordinal)}-{fate}-{Guid.NewGuid():N}";

    private Task<HttpResponseMessage> CreateAsync(string provider, string fate, string? name = null, string? value = null)
    {
        var row = Table.Rows.FirstOrDefault(row => row.Provider == provider);
        return tested.Admin.PostAsync("/api/v1/keys", new
        {
            name = name ?? $"{provider} {fate} {Guid.NewGuid():N}",
            kind = row?.Kind ?? "tts",
            provider,
            region = row?.Region,
            value = value ?? Value(provider, fate),
            workspace_ids = Array.Empty<Guid>(),
        });
    }
}
