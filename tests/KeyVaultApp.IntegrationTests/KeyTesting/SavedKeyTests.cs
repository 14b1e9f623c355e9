using System.Net;
using System.Text.Json;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.KeyTesting;

/// <summary>When keys are tested, and what is kept of it.</summary>
public abstract class SavedKeyTests(TestedApp tested) : IAsyncLifetime
{
    [Collection(TestedKeys.Name)]
    public sealed class OnSqlite(TestedOnSqlite tested) : SavedKeyTests(tested);

    public sealed class OnPostgreSql(TestedOnPostgreSql tested) : SavedKeyTests(tested), IClassFixture<TestedOnPostgreSql>;

    public sealed class OnSqlServer(TestedOnSqlServer tested) : SavedKeyTests(tested), IClassFixture<TestedOnSqlServer>;

    private const int KeptTests = 50;

    public ValueTask InitializeAsync()
    {
        tested.Require();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_refused_key_is_saved_untested_where_that_is_wished_and_the_activity_log_keeps_it()
    {
        var heard = tested.Table.Heard.Count;

        var key = await CreateAsync("bad", skipTest: true);

        Assert.Equal("untested", key.GetProperty("test").Text("outcome"));
        Assert.Equal(JsonValueKind.Null, key.GetProperty("last_test").ValueKind);
        Assert.Equal(heard, tested.Table.Heard.Count);
        Assert.True((await ActivityAsync(key, "key_created")).GetProperty("after").GetProperty("skip_test").GetBoolean());
        Assert.False((await ActivityAsync(await CreateAsync("good"), "key_created")).GetProperty("after").GetProperty("skip_test").GetBoolean());
    }

    [Theory]
    [InlineData(null, "not known whose key")]
    [InlineData("other", "under other is not tested")]
    [InlineData("somebody-else", "how to ask somebody-else")]
    public async Task A_provider_that_is_not_in_the_settings_means_untested_and_says_so(string? provider, string says)
    {
        var key = await CreateAsync("good", provider: provider);

        Assert.Equal("untested", key.GetProperty("test").Text("outcome"));
        Assert.StartsWith("Not tested", key.GetProperty("test").Text("detail"), StringComparison.Ordinal);
        Assert.Contains(says, key.GetProperty("test").Text("detail"), StringComparison.Ordinal);
        await (await tested.Admin.PostAsync($"/api/v1/keys/{key.Id()}/test", new { })).ProblemAsync(HttpStatusCode.Conflict, "key_untestable");
    }

    [Fact]
    public async Task A_shape_that_does_not_fit_warns_and_one_that_does_not()
    {
        var odd = await CreateAsync("good");
        var fits = await CreateAsync("good", provider: "acme");

        Assert.Contains("does not look like", Assert.Single(odd.GetProperty("warnings").EnumerateArray()).GetString(), StringComparison.Ordinal);
        Assert.Equal(0, fits.GetProperty("warnings").GetArrayLength());
    }

    [Fact]
    public async Task A_region_that_is_needed_is_asked_for()
    {
        await (await PostAsync("good", provider: "azure-speech")).ProblemAsync(HttpStatusCode.BadRequest, "invalid", "region");
        await (await PostAsync("good", provider: "azure-speech", region: "evil.example#")).ProblemAsync(HttpStatusCode.BadRequest, "invalid", "region");
    }

    [Fact]
    public async Task Replacing_tests_the_new_value_and_a_refused_one_leaves_the_old()
    {
        var key = await CreateAsync("good");

        await (await tested.Admin.PostAsync($"/api/v1/keys/{key.Id()}/versions", new { value = "openai-bad-value-0001", version = 1 }))
            .ProblemAsync(HttpStatusCode.BadRequest, "key_rejected", "value");
        Assert.Equal(1, (await ReadAsync(key)).GetProperty("current_version").GetInt32());

        var replaced = await (await tested.Admin.PostAsync($"/api/v1/keys/{key.Id()}/versions", new { value = "openai-trouble-value-2", version = 1 })).ReadAsync(HttpStatusCode.Created);
        Assert.Equal("inconclusive", replaced.GetProperty("last_test").Text("outcome"));
        var untested = await (await tested.Admin.PostAsync($"/api/v1/keys/{key.Id()}/versions", new { value = "openai-bad-value-0003", version = 2, skip_test = true })).ReadAsync(HttpStatusCode.Created);
        Assert.Equal(JsonValueKind.Null, untested.GetProperty("last_test").ValueKind);
        Assert.True((await ActivityAsync(key, "key_replaced")).GetProperty("after").GetProperty("skip_test").GetBoolean());
    }

    [Fact]
    public async Task A_stored_value_never_follows_a_changed_provider_or_region()
    {
        var key = await CreateAsync("good");

        await (await tested.Admin.PatchAsync($"/api/v1/keys/{key.Id()}", new { provider = "groq", version = 1 })).ProblemAsync(HttpStatusCode.BadRequest, "invalid", "provider");
        await (await tested.Admin.PatchAsync($"/api/v1/keys/{key.Id()}", new { region = "eastus", version = 1 })).ProblemAsync(HttpStatusCode.BadRequest, "invalid", "region");
        await (await tested.Admin.PatchAsync($"/api/v1/keys/{key.Id()}", new { provider = "openai", notes = "same", version = 1 })).ReadAsync();

        var moved = await (await tested.Admin.PostAsync($"/api/v1/keys/{key.Id()}/versions", new { value = "acme-good-value-0001", provider = "acme", region = "eastus", version = 2 })).ReadAsync(HttpStatusCode.Created);
        Assert.Equal("acme", moved.Text("provider"));
        Assert.Equal("eastus", moved.Text("region"));
        Assert.Equal("valid", moved.GetProperty("test").Text("outcome"));
    }

    [Fact]
    public async Task A_stored_key_is_tested_on_demand_and_says_when_and_by_whom()
    {
        var key = await CreateAsync("bad", skipTest: true);

        var result = await (await tested.Admin.PostAsync($"/api/v1/keys/{key.Id()}/test", new { })).ReadAsync();

        Assert.Equal("rejected", result.Text("outcome"));
        Assert.NotEmpty(result.Text("detail"));
        Assert.True(result.GetProperty("latency_ms").GetInt32() >= 0);
        var row = await ReadAsync(key);
        var last = row.GetProperty("last_test");
        Assert.Equal("rejected", last.Text("outcome"));
        Assert.StartsWith("admin", last.Text("by"), StringComparison.Ordinal);
        Assert.Equal(key.GetProperty("version").GetInt32(), row.GetProperty("version").GetInt32());
        Assert.Equal("rejected", (await ActivityAsync(key, "key_tested")).GetProperty("after").Text("outcome"));
    }

    [Fact]
    public async Task The_list_is_filtered_by_what_the_last_test_said()
    {
        var mark = $"{Guid.NewGuid():N}";
        var made = new Dictionary<string, Guid>(StringComparer.Ordinal)
        {
            ["valid"] = (await CreateAsync("good", name: $"{mark} a")).Id(),
            ["inconclusive"] = (await CreateAsync("trouble", name: $"{mark} b")).Id(),
            ["never"] = (await CreateAsync("good", skipTest: true, name: $"{mark} c")).Id(),
            ["rejected"] = (await CreateAsync("bad", skipTest: true, name: $"{mark} d")).Id(),
        };
        await (await tested.Admin.PostAsync($"/api/v1/keys/{made["rejected"]}/test", new { })).ReadAsync();

        foreach (var (word, id) in made)
        {
            var list = await tested.Admin.ReadAsync($"/api/v1/keys?search={mark}&test={word}&sort=last_test_at");
            Assert.Equal(id, Assert.Single(list.GetProperty("items").EnumerateArray()).Id());
        }

        await (await tested.Admin.GetAsync("/api/v1/keys?test=perhaps")).ProblemAsync(HttpStatusCode.BadRequest, "invalid", "test");
    }

    [Fact]
    public async Task The_latest_tests_are_kept_as_history()
    {
        var key = await CreateAsync("good");
        for (var i = 0; i < KeptTests + 2; i++) await (await tested.Admin.PostAsync($"/api/v1/keys/{key.Id()}/test", new { })).ReadAsync();

        var history = await tested.Admin.ReadAsync($"/api/v1/keys/{key.Id()}/tests?page_size=200");

        Assert.Equal(KeptTests, history.GetProperty("total").GetInt32());
        Assert.Equal((await ReadAsync(key)).GetProperty("last_test").Text("at"), history.GetProperty("items")[0].Text("at"));
        await (await tested.Admin.DeleteAsync($"/api/v1/keys/{key.Id()}")).ReadAsync(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Several_are_tested_at_once_and_one_that_cannot_be_holds_up_no_other()
    {
        var good = await CreateAsync("good");
        var bad = await CreateAsync("bad", skipTest: true);
        var other = await CreateAsync("good", provider: null);

        var results = (await (await tested.Admin.PostAsync("/api/v1/keys/test", new { key_ids = new[] { bad.Id(), other.Id(), good.Id() } })).ReadAsync()).GetProperty("results");

        Assert.Equal(["rejected", "untested", "valid"], results.EnumerateArray().Select(row => row.Text("outcome")));
        Assert.Equal("rejected", (await ReadAsync(bad)).GetProperty("last_test").Text("outcome"));
        await (await tested.Admin.PostAsync("/api/v1/keys/test", new { key_ids = new[] { good.Id(), Guid.NewGuid() } })).ProblemAsync(HttpStatusCode.NotFound, "not_found", "key_ids");
        await (await tested.Admin.PostAsync("/api/v1/keys/test", new { key_ids = Enumerable.Repeat(good.Id(), 51) })).ProblemAsync(HttpStatusCode.BadRequest, "invalid", "key_ids");
        await (await tested.Admin.PostAsync("/api/v1/keys/test", new { })).ProblemAsync(HttpStatusCode.BadRequest, "invalid", "key_ids");
    }

    [Fact]
    public async Task Pages_tell_that_only_the_first_fifty_are_tested_at_once_and_offer_other()
    {
        await tested.App.Database.OpenPanelAsync();
        var good = await CreateAsync("good");
        async Task<string> SeveralAsync(int ticked)
        {
            using var form = new FormUrlEncodedContent(Enumerable.Range(0, ticked).Select(i => KeyValuePair.Create("key_ids", i == 0 ? $"{good.Id()}" : $"{Guid.NewGuid()}")));
            using var answer = await tested.Admin.Http.PostAsync("/keys/test", form, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }

        Assert.Contains("the first 50 of 90 keys", await SeveralAsync(90), StringComparison.Ordinal);
        Assert.DoesNotContain("the first 50", await SeveralAsync(50), StringComparison.Ordinal);
        Assert.Contains("<option value=\"other\"", await (await tested.Admin.GetAsync("/keys/new")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_an_admin_has_keys_tested()
    {
        var key = await CreateAsync("good");
        foreach (var role in new[] { "ops", "resolver" })
        {
            var client = tested.App.Client(await tested.App.TokenAsync(role));
            Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsync($"/api/v1/keys/{key.Id()}/test", new { })).StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, (await client.PostAsync("/api/v1/keys/test", new { key_ids = new[] { key.Id() } })).StatusCode);
        }
    }

    private Task<JsonElement> ReadAsync(JsonElement key) => tested.Admin.ReadAsync($"/api/v1/keys/{key.Id()}");

    private async Task<JsonElement> ActivityAsync(JsonElement key, string action) =>
        (await tested.Admin.ReadAsync($"/api/v1/activity?target_id={key.Id()}&action={action}")).GetProperty("items")[0];

    private async Task<JsonElement> CreateAsync(string fate, string? provider = "openai", bool? skipTest = null, string? name = null) =>
        await (await PostAsync(fate, provider, skipTest, name)).ReadAsync(HttpStatusCode.Created);

    private Task<HttpResponseMessage> PostAsync(string fate, string? provider = "openai", bool? skipTest = null, string? name = null, string? region = null) =>
        tested.Admin.PostAsync("/api/v1/keys", new
        {
            name = name ?? $"{fate} {Guid.NewGuid():N}",
            kind = "tts",
            provider,
            region,
            value = $"openai-{fate}-{Guid.NewGuid():N}",
            workspace_ids = Array.Empty<Guid>(),
            skip_test = skipTest,
        });
}
