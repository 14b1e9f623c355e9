using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using KeyVaultApp.IntegrationTests.Harness;
using KeyVaultApp.IntegrationTests.LegacyKeys.Migration;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Data.Sqlite;

namespace KeyVaultApp.IntegrationTests.Access;

/// <summary>Every route as everybody, on own and on foreign rows: what it answers, and that a refused call changes nothing.</summary>
public sealed partial class WhoMayWhatTests
{
    private const string Password = "correct horse battery";

    [Fact]
    public void Routes_FoundByReflection_AreAllInTheMatrix()
    {
        Assert.Equal(Routes.Rules.Keys.Order(StringComparer.Ordinal), Found().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Route_AsEverybody_AnswersAsItsRuleSaysAndRefusesWithoutATrace()
    {
        await using var app = await App.StartAsync(Databases.Sqlite);
        var admin = app.Client(await app.TokenAsync("admin"));
        (await admin.PutAsync("/api/v1/rollout", new { phase = "references_with_fallback" })).EnsureSuccessStatusCode();
        var own = await RowsAsync(app, admin, "own");
        var foreign = await RowsAsync(app, admin, "foreign");
        var callers = await CallersAsync(app, own);
        var wrong = new List<string>();

        var before = Dump(app);
        foreach (var (route, rule) in Routes.Rules.Where(rule => rule.Value.Roles != "*"))
        {
            foreach (var caller in callers)
            {
                var isRefused = caller.Role is not { } role || !rule.Roles.Contains(role);
                if (isRefused) await ExpectAsync(wrong, caller, route, own, Refused(caller, route));
                else if (rule.Bounded && caller.Role is 'U' or 'R') await ExpectAsync(wrong, caller, route, foreign, "404");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(before, Dump(app));

        // The same calls where they are allowed: they get through, and the dump does see what they change.
        foreach (var (route, rule) in Routes.Rules.Where(rule => rule.Value.Roles != "*"))
            foreach (var caller in callers.Where(caller => caller.Role is { } role && rule.Roles.Contains(role)))
                await ExpectAsync(wrong, caller, route, !route.StartsWith("GET") ? await RowsAsync(app, admin, "own", own) : own, rule.NoRow || (rule.OfPeople && caller.HasToken) ? "404" : "through");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.NotEqual(before, Dump(app));
    }

    [Fact]
    public async Task Cookie_UnsafeRequestWithoutTheFormToken_IsRefusedAndWithATokenHeaderTheCookieIsIgnored()
    {
        await using var app = await App.StartAsync(Databases.Sqlite);
        (await app.CliWithInputAsync(Password + "\n", "users", "add", "--email", "ada@example.com", "--role", "admin")).Expect(0);
        using var ada = await new Caller("ada", 'A', app.Address).SignInAsync("ada@example.com", Password);
        var body = new StringContent("""{"name":"Forged"}""", Encoding.UTF8, "application/json");

        var before = Dump(app);
        ada.ForgetFormToken();
        Assert.Equal(HttpStatusCode.BadRequest, (await ada.SendAsync(HttpMethod.Post, "/api/v1/workspaces", body)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await ada.SendAsync(HttpMethod.Post, "/sign-out", new FormUrlEncodedContent([]))).StatusCode);
        Assert.Equal(before, Dump(app));

        var admin = app.Client(await app.TokenAsync("admin"));
        Assert.Equal(HttpStatusCode.Created, (await admin.PostAsync("/api/v1/workspaces", new { name = "Meant" })).StatusCode);
        var ops = app.Client(await app.TokenAsync("ops"));
        ops.Http.DefaultRequestHeaders.Add("Cookie", ada.CookieHeader);
        Assert.Equal(HttpStatusCode.Forbidden, (await ops.PostAsync("/api/v1/workspaces", new { name = "Borrowed" })).StatusCode);
    }

    private sealed record Rows(Guid Workspace, Guid Agent, Guid Key, string ExternalId, Guid Plan, Guid Run);

    private static async Task<Rows> RowsAsync(App app, Api admin, string what, Rows? beside = null)
    {
        var name = $"{what} {Guid.NewGuid():N}";
        var workspace = beside?.Workspace ?? (await (await admin.PostAsync("/api/v1/workspaces", new { name })).ReadAsync(HttpStatusCode.Created)).Id();
        var key = (await (await admin.PostAsync("/api/v1/keys", new { name, kind = "tts", value = $"sk-{Guid.NewGuid():N}", workspace_ids = new[] { workspace } })).ReadAsync(HttpStatusCode.Created)).Id();
        var agent = (await (await admin.PostAsync($"/api/v1/workspaces/{workspace}/agents", new { name, external_id = name, selected_tts_key_id = key })).ReadAsync(HttpStatusCode.Created)).Id();
        if (beside is not null) return new Rows(workspace, agent, key, name, beside.Plan, beside.Run);
        await app.Database.SetLegacyAsync(agent, "stt", Fresh.Value());
        var plan = (await (await admin.PostAsync("/api/v1/migration/plans", new { workspace_ids = new[] { workspace } })).ReadAsync(HttpStatusCode.Created)).Id();
        var run = await admin.RunAsync(await admin.MakePlanAsync(workspace));
        return new Rows(workspace, agent, key, name, plan, run.Id());
    }

    private static async Task<IReadOnlyList<Caller>> CallersAsync(App app, Rows own)
    {
        async Task<Caller> Person(string email, char role, string word, Guid? workspace = null)
        {
            string[] reach = workspace is { } id ? ["--workspace", id.ToString()] : [];
            (await app.CliWithInputAsync(Password + "\n", ["users", "add", "--email", email, "--role", word, .. reach])).Expect(0);
            return await new Caller(email, role, app.Address).SignInAsync(email, Password);
        }

        var expired = await app.TokenAsync("admin");
        var revoked = await app.TokenAsync("admin");
        await using (var connection = new SqliteConnection(app.Database.ConnectionString))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "UPDATE access_tokens SET expires_at = '2020-01-01 00:00:00' WHERE hash = $expired; UPDATE access_tokens SET revoked_at = '2020-01-01 00:00:00' WHERE hash = $revoked";
            command.Parameters.AddWithValue("$expired", SHA256.HashData(Encoding.UTF8.GetBytes(expired)));
            command.Parameters.AddWithValue("$revoked", SHA256.HashData(Encoding.UTF8.GetBytes(revoked)));
            Assert.Equal(2, await command.ExecuteNonQueryAsync());
        }

        List<Caller> callers =
        [
            new("nobody", null, app.Address),
            new("expired token", null, app.Address, expired),
            new("revoked token", null, app.Address, revoked),
            new("admin token", 'A', app.Address, await app.TokenAsync("admin")),
            new("ops token", 'O', app.Address, await app.TokenAsync("ops")),
            new("resolver token", 'R', app.Address, await app.TokenAsync("resolver", own.Workspace.ToString())),
            await Person("admin@example.com", 'A', "admin"),
            await Person("ops@example.com", 'O', "ops"),
            await Person("user@example.com", 'U', "user", own.Workspace),
        ];
        var disabled = await Person("disabled@example.com", 'A', "admin");
        (await app.CliAsync("users", "disable", "--email", "disabled@example.com")).Expect(0);
        callers.Add(disabled.WithoutRole());
        return callers;
    }

    private static string Refused(Caller caller, string route) =>
        caller.Role is not null ? "403" : IsApi(route) || caller.HasToken ? "401" : "to sign-in";

    private static async Task ExpectAsync(List<string> wrong, Caller caller, string route, Rows rows, string expected)
    {
        var (method, template) = route.Split(' ', 2) is [var first, var second] ? (new HttpMethod(first), second) : default;
        var answer = await caller.SendLittleAsync(method, Fill(template, rows), IsApi(route) ? Body(route) : null);
        var status = (int)answer.StatusCode;
        var isRight = expected switch
        {
            "through" => status is not (401 or 403 or 404 or >= 500) && !LeadsToSignIn(answer),
            "to sign-in" => LeadsToSignIn(answer),
            _ => status.ToString() == expected,
        };
        if (!isRight) wrong.Add($"{caller.Name}: {route}: {status} {answer.Headers.Location}, not {expected}");
    }

    private static bool LeadsToSignIn(HttpResponseMessage answer) =>
        answer.StatusCode == HttpStatusCode.Redirect && answer.Headers.Location?.OriginalString.StartsWith("/sign-in") == true;

    private static bool IsApi(string route) => route.Contains(" /api/") || route.EndsWith("/api-keys");

    /// <summary>What gets past the form's own rules where these come before the row is looked for.</summary>
    private static string Body(string route) => route switch
    {
        "POST /api/v1/workspaces/{id}/agents" => """{"name":"Somebody"}""",
        "PUT /api/v1/agents/{id}" => """{"name":"Somebody","version":1}""",
        _ => "{}",
    };

    private static string Fill(string template, Rows rows)
    {
        var id = template.Contains("keys/{id}") ? rows.Key : template.Contains("agents/{id}") ? rows.Agent : template.Contains("plans/{id}") ? rows.Plan : template.Contains("runs/{id}") ? rows.Run : rows.Workspace;
        return Uri.UnescapeDataString(template).Replace("{id}", id.ToString()).Replace("{kind}", "tts").Replace("{number}", "1").Replace("{externalId}", Uri.EscapeDataString(rows.ExternalId)) is var path && !path.Contains('{')
            ? path
            : throw new InvalidOperationException($"Nobody told the matrix how to fill {template}.");
    }

    private static List<string> Found()
    {
        using var folder = new TemporaryFolder();
        var app = KeyVaultAppBuilder.Build([$"--DataDirectory={folder.Path}"]);
        KeyVaultAppBuilder.Map(app);
        return [.. ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method =>
                $"{method} /{Constraint().Replace(endpoint.RoutePattern.RawText!.Trim('/'), "}")}"))
            .Distinct()];
    }

    /// <summary>All rows of all tables, as one digest.</summary>
    private static string Dump(App app)
    {
        using var connection = new SqliteConnection(app.Database.ConnectionString);
        connection.Open();
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var table in Query(connection, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'legacy_%' AND name <> 'data_protection_keys' ORDER BY name"))
            foreach (var row in Query(connection, $"SELECT * FROM \"{table}\" ORDER BY 1, 2"))
                digest.AppendData(Encoding.UTF8.GetBytes($"{table}|{row}\n"));
        return Convert.ToHexString(digest.GetHashAndReset());
    }

    private static List<string> Query(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i) is byte[] bytes ? Convert.ToHexString(bytes) : reader.GetValue(i).ToString())));
        return rows;
    }

    [GeneratedRegex(":[^}]*}", RegexOptions.None, 1000)]
    private static partial Regex Constraint();

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("keyvault-routes-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
