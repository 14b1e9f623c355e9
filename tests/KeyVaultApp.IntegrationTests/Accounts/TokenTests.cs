using System.Net;
using System.Text.Json;
using KeyVaultApp.Encryption;
using KeyVaultApp.IntegrationTests.Harness;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.IntegrationTests.Accounts;

public abstract class TokenTests(SharedApp shared) : AppTests(shared)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task A_resolver_token_sees_its_workspaces_and_no_other()
    {
        var (mine, second, foreign) = (await AgentAsync(), await AgentAsync(), await AgentAsync());
        var name = (await Admin.ReadAsync($"/api/v1/workspaces/{second.Workspace}")).Text("name");
        var made = await App.CliAsync(
            "tokens", "create", "--name", Unique("Bound"), "--role", "resolver", "--workspace", mine.Workspace.ToString(), "--workspace", name.ToUpperInvariant());
        var bound = App.Client(made.Expect(0).LastLine);

        foreach (var path in Paths(mine).Concat(Paths(second))) await bound.ReadAsync(path);
        foreach (var path in Paths(foreign)) await (await bound.GetAsync(path)).ProblemAsync(HttpStatusCode.NotFound, "not_found");

        // An agent of another workspace is not found under one's own either.
        await (await bound.GetAsync($"/api/v1/workspaces/{mine.Workspace}/agents/by-external-id/{foreign.External}/keys"))
            .ProblemAsync(HttpStatusCode.NotFound, "not_found");
        foreach (var path in Paths(foreign)) await Resolver.ReadAsync(path);
    }

    [Fact]
    public async Task A_token_works_until_it_expires()
    {
        var made = await App.CliAsync("tokens", "create", "--name", Unique("Brief"), "--role", "ops", "--expires", "2999-01-01T00:00:00Z");
        var token = made.Expect(0).LastLine;
        var client = App.Client(token);
        await client.ReadAsync("/api/v1/rollout");

        using var json = JsonDocument.Parse((await App.CliAsync("tokens", "create", "--name", Unique("Json"), "--role", "ops", "--json")).Expect(0).Output);
        await App.Client(json.RootElement.Text("token")).ReadAsync("/api/v1/rollout");
        using var revoked = JsonDocument.Parse((await App.CliAsync("tokens", "revoke", json.RootElement.Id().ToString(), "--json")).Expect(0).Output);
        Assert.Equal(json.RootElement.Id(), revoked.RootElement.Id());

        // Brought near in the database: how long a process takes to start is nothing to build on.
        var expires = DateTimeOffset.UtcNow.AddSeconds(2);
        await using (var db = App.Database.Context())
            Assert.Equal(1, await db.AccessTokens.Where(row => row.Hash == TokenHashes.Hash(token))
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.ExpiresAt, expires), TestContext.Current.CancellationToken));

        using var limit = new CancellationTokenSource(Patience);
        while ((await client.GetAsync("/api/v1/rollout")).StatusCode == HttpStatusCode.OK) await Task.Delay(Look, limit.Token);

        Assert.True(DateTimeOffset.UtcNow > expires.AddSeconds(-1));
        await (await client.GetAsync("/api/v1/rollout")).ProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Fact]
    public async Task A_token_is_shown_once_listed_without_it_and_worthless_when_revoked()
    {
        var name = Unique("Runtime");
        var made = (await App.CliAsync("tokens", "create", "--name", name, "--role", "ops", "--expires", "2999-01-01")).Expect(0);
        var token = made.LastLine;
        Assert.Matches("^kva_[A-Za-z0-9_-]{43}$", token);
        Assert.Single(made.Output.Split('\n'), line => line.Contains(token, StringComparison.Ordinal));
        await App.Client(token).ReadAsync("/api/v1/rollout");

        var listed = (await App.CliAsync("tokens", "list", "--json")).Expect(0).Output;
        Assert.DoesNotContain(token, listed, StringComparison.Ordinal);
        using var rows = JsonDocument.Parse(listed);
        var row = rows.RootElement.EnumerateArray().Single(row => row.Text("name") == name);
        Assert.Equal(("ops", "active", "2999-01-01T00:00:00.000Z"), (row.Text("role"), row.Text("state"), row.Text("expires_at")));

        for (var i = 0; i < 2; i++) (await App.CliAsync("tokens", "revoke", row.Text("id"))).Expect(0);
        await (await App.Client(token).GetAsync("/api/v1/rollout")).ProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
        Assert.Contains($"{name}  ops  revoked", (await App.CliAsync("tokens", "list")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Equal(["token_revoked", "token_created"], (await Admin.ActivityOfAsync(row.Id())).Select(entry => entry.Text("action")));
    }

    [Fact]
    public async Task What_makes_no_token_leaves_none()
    {
        var before = await TokensAsync();
        string[][] misused =
        [
            ["--name", "n", "--role", "resolver"],
            ["--name", "n", "--role", "resolver", "--all-workspaces", "--workspace", "x"],
            ["--name", "n", "--role", "admin", "--all-workspaces"],
            ["--name", "n", "--role", "user"],
            ["--name", "   ", "--role", "ops"],
            ["--name", "n", "--role", "ops", "--expires", "tomorrow"],
            ["--name", "n", "--role", "ops", "--expires", "2020-01-01"],
            ["--role", "ops"],
        ];
        foreach (var arguments in misused) Assert.Empty((await App.CliAsync(["tokens", "create", .. arguments])).Expect(2).Output);
        (await App.CliAsync("tokens", "create", "--name", "n", "--role", "resolver", "--workspace", Unique("Nowhere"))).Expect(1);
        (await App.CliAsync("tokens", "revoke", Guid.NewGuid().ToString())).Expect(1);

        Assert.Equal(before, await TokensAsync());
        await App.TokenAsync("ops");
        Assert.Equal(before + 1, await TokensAsync());
    }

    private static string[] Paths((Guid Workspace, Guid Agent, string External) of) =>
    [
        $"/api/v1/agents/{of.Agent}", $"/api/v1/agents/{of.Agent}/keys", $"/api/v1/agents/{of.Agent}/keys/tts", $"/api/v1/agents/{of.Agent}/keys/tts/explain",
        $"/api/v1/workspaces/{of.Workspace}/agents/by-external-id/{of.External}/keys", $"/api/v1/workspaces/{of.Workspace}/agents/by-external-id/{of.External}/keys/tts",
        $"/workspaces/{of.Workspace}/api-keys",
    ];

    private async Task<int> TokensAsync() => (await App.Database.QueryAsync<int>($"SELECT COUNT(*) AS \"Value\" FROM access_tokens"))[0];

    private async Task<(Guid Workspace, Guid Agent, string External)> AgentAsync()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var external = $"e{Guid.NewGuid():N}";
        return (workspace, (await Admin.AddAgentAsync(workspace, ("external_id", external), ("tts_key", Fresh.Value()))).Id(), external);
    }

    [Collection(Alone.OnSqlite)]
    public sealed class OnSqlite(SqliteApp app) : TokenTests(app);

    [Collection(Alone.OnPostgreSql)]
    public sealed class OnPostgreSql(PostgreSqlApp app) : TokenTests(app);

    [Collection(Alone.OnSqlServer)]
    public sealed class OnSqlServer(SqlServerApp app) : TokenTests(app);
}
