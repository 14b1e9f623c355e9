using System.Net;
using System.Text;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Accounts;

/// <summary>Who may do what with which token. The addresses are those that the API itself describes, so a new one is asked too.</summary>
public abstract class RoleTests(SharedApp shared) : AppTests(shared)
{
    private const string Get = "get";

    [Fact]
    public async Task Without_a_good_token_every_address_answers_401()
    {
        var addresses = await AddressesAsync();
        Api[] strangers = [App.Client(), App.Client("nonsense"), App.Client($"kva_{new string('A', 43)}")];
        var wrong = new List<string>();
        foreach (var stranger in strangers)
            foreach (var (method, path) in addresses)
                if (await StatusAsync(stranger, method, path) is var status and not HttpStatusCode.Unauthorized)
                    wrong.Add($"{method} {path}: {status}");

        Assert.True(wrong is [], string.Join('\n', wrong));
        var refused = await strangers[0].GetAsync("/api/v1/keys");
        await refused.ProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
        Assert.Equal("Bearer", refused.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Equal("error=\"invalid_token\"", (await strangers[1].GetAsync("/api/v1/keys")).Headers.WwwAuthenticate.Single().Parameter);
    }

    [Fact]
    public async Task Each_role_is_let_in_where_the_contract_says_and_nowhere_else()
    {
        var ops = App.Client(await App.TokenAsync("ops"));
        var wrong = new List<string>();
        foreach (var (method, path) in await AddressesAsync())
        {
            var makesKey = path.EndsWith("/make-key", StringComparison.Ordinal);
            var migrates = path.StartsWith("/api/v1/migration/", StringComparison.Ordinal);
            var isOfResolvers = method == Get && !makesKey && !migrates && (path.Contains("/agents/{id}", StringComparison.Ordinal)
                || path.Contains("by-external-id", StringComparison.Ordinal) || path.EndsWith("/api-keys", StringComparison.Ordinal));
            await ExpectAsync("admin", Admin, method, path, mayEnter: !IsValue(path), wrong);
            var looks = path.EndsWith("/agents/{id}/check", StringComparison.Ordinal) || path.EndsWith("/rollout/preflight", StringComparison.Ordinal);
            await ExpectAsync("ops", ops, method, path, mayEnter: looks || (migrates && method == "post") || (method == Get && !IsValue(path) && !makesKey), wrong);
            await ExpectAsync("resolver", Resolver, method, path, mayEnter: isOfResolvers, wrong);
        }

        Assert.True(wrong is [], string.Join('\n', wrong));
    }

    [Fact]
    public async Task Only_a_resolver_reads_values()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var key = await Admin.AddKeyToAsync(workspace);
        var agent = (await Admin.AddAgentAsync(workspace, ("tts_key", Fresh.Value()))).Id();
        var ops = App.Client(await App.TokenAsync("ops"));

        foreach (var path in new[] { $"/api/v1/keys/{key}", $"/api/v1/agents/{agent}", "/api/v1/activity", "/api/v1/rollout", $"/api/v1/agents/{agent}/keys/tts/explain" })
            await ops.ReadAsync(path);
        await (await ops.ResolveAsync(agent)).ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        await (await Admin.ResolveAsync(agent)).ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        await Resolver.ResolvedValueAsync(agent);
    }

    [Fact]
    public async Task A_refused_write_writes_nothing()
    {
        var workspace = await Admin.AddWorkspaceAsync();
        var path = $"/api/v1/workspaces/{workspace.Id()}";
        var body = new { name = Unique("Renamed"), version = 1 };

        await (await Resolver.PutAsync(path, body)).ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal(workspace.Text("name"), (await Admin.ReadAsync(path)).Text("name"));

        await (await Admin.PutAsync(path, body)).ReadAsync();
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Health_is_told_to_anybody_without_detail(string path)
    {
        var answer = await App.Client().GetAsync(path);

        Assert.Equal((HttpStatusCode.OK, "Healthy"), (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task An_address_that_there_is_not_is_a_problem_too() =>
        await (await Admin.GetAsync("/api/v1/nothing-here")).ProblemAsync(HttpStatusCode.NotFound, "not_found");

    private static bool IsValue(string path) =>
        path.EndsWith("/keys/{kind}", StringComparison.Ordinal) || (path.EndsWith("/keys", StringComparison.Ordinal) && path.Contains("/agents/", StringComparison.Ordinal));

    private static async Task ExpectAsync(string role, Api api, string method, string path, bool mayEnter, List<string> wrong)
    {
        var status = await StatusAsync(api, method, path);
        var isRight = mayEnter ? status is not (HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized) && (int)status < 500 : status == HttpStatusCode.Forbidden;
        if (!isRight) wrong.Add($"{role}: {method} {path} answered {(int)status}");
    }

    /// <summary>Asks for ids that there are not: whoever is let in gets 404 or 400.</summary>
    private static async Task<HttpStatusCode> StatusAsync(Api api, string method, string path)
    {
        var address = path.Replace("{kind}", "tts", StringComparison.Ordinal)
            .Replace("{externalId}", "e", StringComparison.Ordinal)
            .Replace("{number}", "1", StringComparison.Ordinal)
            .Replace("{id}", Guid.NewGuid().ToString(), StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), address);
        if (method is not (Get or "delete")) request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        using var answer = await api.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private async Task<IReadOnlyList<(string Method, string Path)>> AddressesAsync()
    {
        var paths = (await App.Client().ReadAsync("/openapi/v1.json")).GetProperty("paths").EnumerateObject();
        (string Method, string Path)[] addresses = [.. paths.SelectMany(path => path.Value.EnumerateObject().Select(operation => (operation.Name, path.Name)))];
        Assert.True(addresses.Length > 30, $"Only {addresses.Length} addresses.");
        Assert.Contains((Get, "/api/v1/agents/{id}/keys/{kind}"), addresses);
        return addresses;
    }

    public sealed class OnSqlite(SqliteApp app) : RoleTests(app);

    public sealed class OnPostgreSql(PostgreSqlApp app) : RoleTests(app);

    public sealed class OnSqlServer(SqlServerApp app) : RoleTests(app);
}
