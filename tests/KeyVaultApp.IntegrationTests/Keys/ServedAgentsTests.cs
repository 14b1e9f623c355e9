using System.Net;
using KeyVaultApp.IntegrationTests.Access;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Keys;

/// <summary>Who loses a key when it stops, and who only names it: what the pages and the API say is what the resolver does.</summary>
public abstract class ServedAgentsTests(SharedApp shared) : AppTests(shared)
{
    [Fact]
    public async Task Agents_that_lose_the_key_are_told_from_those_that_only_name_it()
    {
        using var admin = await App.AdminAsync();
        var (direct, fallback, only) = (await Admin.AddWorkspaceInAsync(Arranged.DirectKeys), await Admin.AddWorkspaceInAsync(Arranged.WithFallback), await Admin.AddWorkspaceInAsync(Arranged.ReferencesOnly));
        var (key, other) = ((await Admin.AddKeyAsync("tts", null, null, direct, fallback, only)).Id(), await Admin.AddKeyToAsync(fallback));
        Guid[] losing =
        [
            await NamingAsync(fallback, key),
            await NamingAsync(only, key),
            await ReachingAsync(direct, key),
            await ReachingAsync(fallback, key),
        ];
        var namedBesideOther = await NamingAsync(fallback, other);
        await App.Database.SetLegacyAsync(namedBesideOther, "tts", key.ToString());
        Guid[] naming = [await NamingAsync(direct, key), await ReachingAsync(only, key), namedBesideOther];
        const string Effect = "4 agents get no TTS key from now on; 3 more agents name it and are not affected at present";
        var before = await CodesAsync(naming);

        foreach (var agent in losing) await Resolver.ResolvedValueAsync(agent);
        var problem = await (await Admin.PostAsync($"/api/v1/keys/{key}/disable", new { })).ProblemAsync(HttpStatusCode.Conflict, "key_in_use");
        Assert.Equal(7, problem.GetProperty("total").GetInt32());
        Assert.Contains(Effect, problem.Text("detail"), StringComparison.Ordinal);
        Assert.Contains(Effect, await admin.OpenAsync($"/keys/{key}/disable"), StringComparison.Ordinal);
        var bulk = await (await admin.PostAsync("/keys/disable", ("key_ids", $"{key}"), ("key_ids", $"{other}"))).TextAsync();
        Assert.Contains(Effect, bulk, StringComparison.Ordinal);
        Assert.Contains("1 agent gets no TTS key from now on", bulk, StringComparison.Ordinal);
        Assert.Contains("agents of 2 keys get none from now on", bulk, StringComparison.Ordinal);

        await (await Admin.PostAsync($"/api/v1/keys/{key}/disable", new { confirm = true })).ReadAsync();
        foreach (var agent in losing) await (await Resolver.ResolveAsync(agent)).ProblemAsync(HttpStatusCode.Conflict, "key_unavailable");
        Assert.Equal(before, await CodesAsync(naming));
        var page = await admin.OpenAsync($"/keys/{key}");
        Assert.Contains("4 agents get no TTS key</strong> while this one is disabled.", page, StringComparison.Ordinal);
        Assert.Contains("3 more agents name it and are not affected at present.", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_agent_loses_its_key_that_is_said_and_still_asked_back()
    {
        using var admin = await App.AdminAsync();
        var workspace = await Admin.AddWorkspaceInAsync(Arranged.DirectKeys);
        var key = await Admin.AddKeyToAsync(workspace);
        await NamingAsync(workspace, key);
        const string Effect = "no agent loses its key now; 1 agent names it and is not affected at present";

        Assert.Contains(Effect, (await (await Admin.PostAsync($"/api/v1/keys/{key}/disable", new { })).ProblemAsync(HttpStatusCode.Conflict, "key_in_use")).Text("detail"), StringComparison.Ordinal);
        Assert.Contains(Effect, (await (await Admin.PostAsync("/api/v1/keys/disable", new { key_ids = new[] { key } })).ProblemAsync(HttpStatusCode.Conflict, "key_in_use")).Text("detail"), StringComparison.Ordinal);
        var bulk = await (await admin.PostAsync("/keys/disable", ("key_ids", $"{key}"))).TextAsync();
        Assert.Contains(Effect, bulk, StringComparison.Ordinal);
        Assert.DoesNotContain("get none from now on", bulk, StringComparison.Ordinal);

        await (await Admin.PostAsync($"/api/v1/keys/{key}/disable", new { confirm = true })).ReadAsync();
        Assert.DoesNotContain("no TTS key", await admin.OpenAsync($"/keys/{key}"), StringComparison.Ordinal);
    }

    private async Task<Guid> NamingAsync(Guid workspace, Guid key) => (await Admin.AddAgentAsync(workspace, ("selected_tts_key_id", key))).Id();

    private async Task<Guid> ReachingAsync(Guid workspace, Guid key)
    {
        var agent = (await Admin.AddAgentAsync(workspace)).Id();
        await App.Database.SetLegacyAsync(agent, "tts", key.ToString().ToUpperInvariant());
        return agent;
    }

    private async Task<HttpStatusCode[]> CodesAsync(Guid[] agents)
    {
        var codes = new List<HttpStatusCode>();
        foreach (var agent in agents) codes.Add((await Resolver.ResolveAsync(agent)).StatusCode);
        return [.. codes];
    }

    public sealed class OnSqlite(SqliteApp app) : ServedAgentsTests(app);

    public sealed class OnPostgreSql(PostgreSqlApp app) : ServedAgentsTests(app);

    public sealed class OnSqlServer(SqlServerApp app) : ServedAgentsTests(app);
}
