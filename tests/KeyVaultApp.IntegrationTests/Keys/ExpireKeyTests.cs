using System.Net;
using KeyVaultApp.IntegrationTests.Access;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Keys;

/// <summary>An expiry in the past stops a key as disabling it does, and is asked back in the same way.</summary>
public abstract class ExpireKeyTests(SharedApp shared) : AppTests(shared)
{
    private const string Past = "2020-01-01";

    [Fact]
    public async Task A_key_in_use_expires_at_once_only_when_that_is_confirmed()
    {
        var (key, agent) = await UsedAsync();

        var problem = await (await ExpireAsync(key)).ProblemAsync(HttpStatusCode.Conflict, "key_in_use");
        Assert.Equal((1, agent), (problem.GetProperty("total").GetInt32(), Assert.Single(problem.GetProperty("agents").EnumerateArray()).Id()));
        Assert.Contains("1 agent gets no TTS key from now on", problem.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(("active", 1), (await StatusAsync(key), (await Admin.ReadAsync(Address(key))).Version()));
        await Resolver.ResolvedValueAsync(agent);

        Assert.Equal("expired", (await (await ExpireAsync(key, confirm: true)).ReadAsync()).Text("status"));
        Assert.Equal("expired", (await (await Resolver.ResolveAsync(agent)).ProblemAsync(HttpStatusCode.Conflict, "key_unavailable")).Text("reason"));
    }

    [Fact]
    public async Task A_key_that_serves_nobody_any_more_may_expire_without_a_word()
    {
        var unused = (await Admin.AddKeyAsync()).Id();
        Assert.Equal("expired", (await (await ExpireAsync(unused)).ReadAsync()).Text("status"));

        var (disabled, _) = await UsedAsync();
        await (await Admin.PostAsync($"{Address(disabled)}/disable", new { confirm = true })).ReadAsync();
        await (await ExpireAsync(disabled, version: 2)).ReadAsync();
    }

    [Fact]
    public async Task A_key_in_use_may_expire_later()
    {
        var (key, agent) = await UsedAsync();

        await (await Admin.PatchAsync(Address(key), new { expires_at = DateTimeOffset.UtcNow.AddDays(1), version = 1 })).ReadAsync();

        await Resolver.ResolvedValueAsync(agent);
    }

    [Fact]
    public async Task No_key_is_made_that_has_expired_already()
    {
        var body = Arranged.Body(("name", Unique("Key")), ("kind", "tts"), ("value", Fresh.Value()), ("skip_test", true), ("expires_at", Past));

        var problem = await (await Admin.PostAsync("/api/v1/keys", body)).ProblemAsync(HttpStatusCode.BadRequest, "invalid", "expires_at");

        Assert.Contains("must be in the future", problem.Text("detail"), StringComparison.Ordinal);
        Assert.Empty((await Admin.ReadAsync($"/api/v1/keys?search={body["name"]}")).Items());
    }

    [Fact]
    public async Task The_pages_ask_back_and_refuse_alike()
    {
        using var admin = await App.AdminAsync();
        var (key, agent) = await UsedAsync();
        var name = (await Admin.ReadAsync(Address(key))).Text("name");
        (string, string)[] fields = [("name", name), ("version", "1"), ("expires_at", Past)];

        Assert.DoesNotContain("name=\"confirm\"", await admin.OpenAsync($"/keys/{key}/edit"), StringComparison.Ordinal);
        var refused = await admin.PostAsync($"/keys/{key}/edit", fields);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        var page = await refused.TextAsync();
        Assert.Contains("1 agent gets no TTS key from now on", page, StringComparison.Ordinal);
        Assert.Contains("name=\"confirm\"", page, StringComparison.Ordinal);
        Assert.Contains($"value=\"{Past}\"", page, StringComparison.Ordinal);
        await Resolver.ResolvedValueAsync(agent);
        Assert.Equal(HttpStatusCode.Redirect, (await admin.PostAsync($"/keys/{key}/edit", [.. fields, ("confirm", "true")])).StatusCode);
        Assert.Equal("expired", await StatusAsync(key));

        var made = await admin.PostAsync("/keys/new", ("name", Unique("Key")), ("kind", "tts"), ("value", Fresh.Value()), ("skip_test", "true"), ("expires_at", Past));
        Assert.Equal(HttpStatusCode.BadRequest, made.StatusCode);
        Assert.Contains("id=\"field-expires_at-error\"", await made.TextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_the_pages_a_day_of_a_key_and_of_a_token_is_its_end()
    {
        using var admin = await App.AdminAsync();
        var (key, token) = (Unique("Key"), Unique("Token"));

        await admin.PostAsync("/keys/new", ("name", key), ("kind", "tts"), ("value", Fresh.Value()), ("skip_test", "true"), ("expires_at", "2999-01-01"));
        var row = Assert.Single((await Admin.ReadAsync($"/api/v1/keys?search={key}")).Items());
        Assert.Equal("2999-01-01T23:59:59.000Z", row.Text("expires_at"));
        await admin.PostAsync($"/keys/{row.Id()}/edit", ("name", key), ("version", "1"), ("expires_at", "2998-12-31"));
        Assert.Equal("2998-12-31T23:59:59.000Z", (await Admin.ReadAsync(Address(row.Id()))).Text("expires_at"));

        Assert.Contains("until the end of this day in UTC", await admin.OpenAsync("/settings/tokens/new"), StringComparison.Ordinal);
        await admin.PostAsync("/settings/tokens/new", ("name", token), ("role", "ops"), ("expires_at", "2999-01-01"));
        var expires = Assert.Single(await App.Database.QueryAsync<DateTimeOffset>($"SELECT expires_at AS \"Value\" FROM access_tokens WHERE name = {token}"));
        Assert.Equal(new DateTimeOffset(2999, 1, 1, 23, 59, 59, TimeSpan.Zero), expires);
    }

    private static string Address(Guid key) => $"/api/v1/keys/{key}";

    private async Task<string> StatusAsync(Guid key) => (await Admin.ReadAsync(Address(key))).Text("status");

    private Task<HttpResponseMessage> ExpireAsync(Guid key, bool? confirm = null, int version = 1) =>
        Admin.PatchAsync(Address(key), new { expires_at = Past, version, confirm });

    private async Task<(Guid Key, Guid Agent)> UsedAsync()
    {
        var workspace = await Admin.AddWorkspaceInAsync(Arranged.WithFallback);
        var key = await Admin.AddKeyToAsync(workspace);
        return (key, (await Admin.AddAgentAsync(workspace, ("selected_tts_key_id", key))).Id());
    }

    public sealed class OnSqlite(SqliteApp app) : ExpireKeyTests(app);

    public sealed class OnPostgreSql(PostgreSqlApp app) : ExpireKeyTests(app);

    public sealed class OnSqlServer(SqlServerApp app) : ExpireKeyTests(app);
}
