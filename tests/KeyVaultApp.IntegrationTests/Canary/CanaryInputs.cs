using System.Net;
using System.Text;
using KeyVaultApp.IntegrationTests.Access;
using KeyVaultApp.IntegrationTests.Harness;
using KeyVaultApp.IntegrationTests.LegacyKeys;
using KeyVaultApp.IntegrationTests.LegacyKeys.Migration;
using KeyVaultApp.IntegrationTests.Web;

namespace KeyVaultApp.IntegrationTests.Canary;

/// <summary>Posts a value of its own to every input there is.</summary>
internal sealed class CanaryInputs : IDisposable
{
    private readonly App _app;
    private readonly StringBuilder _answers = new();
    private readonly StringBuilder _resolved = new();
    private readonly List<string> _sealed = [];
    private readonly List<string> _old = [];
    private readonly List<string> _stray = [BadValues.Mark];
    private readonly List<HttpClient> _clients = [];

    public CanaryInputs(App app) => _app = app;

    /// <summary>Values of keys.</summary>
    public IReadOnlyList<string> Sealed => _sealed;

    /// <summary>Old keys, by API and import.</summary>
    public IReadOnlyList<string> Old => _old;

    /// <summary>Values where none belongs: refused, or forgotten.</summary>
    public IReadOnlyList<string> Stray => _stray;

    /// <summary>Those that agents resolve to at the end, and those that stand in old columns.</summary>
    public List<string> Current { get; } = [];

    public List<string> Stored { get; } = [];

    public string Answers => _answers.ToString();

    public string Resolved => _resolved.ToString();

    public void Dispose() => _clients.ForEach(client => client.Dispose());

    public async Task PostAllAsync()
    {
        var token = await _app.TokenAsync("admin");
        _stray.Add(token);
        var admin = Client(token, _answers);
        var workspace = await admin.AddWorkspaceAsync();
        await PostKeysAsync(admin, workspace.Id());
        await PostOldKeysAsync(admin, workspace.Id());
        await PostTestsAsync(admin, workspace.Id());
        await GoAndComeBackAsync(admin);
        await ImportAsync(workspace.Text("name"));
        await PostWrongBodiesAsync(admin);
        await SendAroundBodiesAsync(token);
        await SayOnCommandLineAsync();
        await SignInAsync();
        await ReadEverythingAsync(admin, workspace.Id());
    }

    private async Task PostKeysAsync(Api admin, Guid workspace)
    {
        var agent = new List<(string, object?)>();
        foreach (var kind in Arranged.Kinds)
        {
            var key = await admin.AddKeyToAsync(workspace, kind, New(_sealed));
            var replaced = New(_sealed);
            await (await admin.PostAsync($"/api/v1/keys/{key}/versions", new { value = replaced, version = 1 })).ReadAsync(HttpStatusCode.Created);
            Current.Add(replaced);
            agent.Add(($"selected_{kind}_key_id", key));
        }

        var id = (await admin.AddAgentAsync(workspace, [.. agent])).Id();
        await admin.SetPhaseAsync(workspace, Arranged.WithFallback);
        await ResolveAsync(id);
        await admin.SetPhaseAsync(workspace, null);
        await (await admin.PostAsync("/api/v1/keys", new { name = "Twice", kind = "tts", value = New(_sealed), workspace_ids = new[] { workspace } })).ReadAsync(HttpStatusCode.Created);
        await (await admin.PostAsync("/api/v1/keys", new { name = "TWICE", kind = "tts", value = New(_sealed) })).ProblemAsync(HttpStatusCode.Conflict, "name_taken");
        await (await admin.PostAsync("/api/v1/keys", new { name = "Elsewhere", kind = "tts", value = New(_sealed), workspace_ids = new[] { Guid.NewGuid() } })).ProblemAsync(HttpStatusCode.BadRequest);
    }

    /// <summary>A provider that repeats the key in all it answers, refuses those it was told to, and is in trouble otherwise.</summary>
    private async Task PostTestsAsync(Api admin, Guid workspace)
    {
        var kept = new List<Guid>();
        foreach (var provider in new[] { "echo-trouble", "echo-refusal" })
        {
            object Key(string name, bool skip) => new { name, kind = "tts", provider, value = New(_sealed), workspace_ids = new[] { workspace }, skip_test = skip };
            var isRefusal = provider == "echo-refusal";
            if (isRefusal) await (await admin.PostAsync("/api/v1/keys", Key("Refused", skip: false))).ProblemAsync(HttpStatusCode.BadRequest);
            var key = await (await admin.PostAsync("/api/v1/keys", Key(provider, skip: isRefusal))).ReadAsync(HttpStatusCode.Created);
            kept.Add(key.Id());
            var replaced = await admin.PostAsync($"/api/v1/keys/{key.Id()}/versions", new { value = New(_sealed), version = key.Version() });
            await replaced.ReadAsync(isRefusal ? HttpStatusCode.BadRequest : HttpStatusCode.Created);
            await (await admin.PostAsync($"/api/v1/keys/{key.Id()}/test", new { })).ReadAsync();
        }

        await (await admin.PostAsync("/api/v1/keys/test", new { key_ids = kept })).ReadAsync();
        var agent = (await admin.AddAgentAsync(workspace, ("tts_key", New(_old)))).Id();
        Stored.Add(_old[^1]);
        await (await admin.PostAsync($"/api/v1/agents/{agent}/check", new { })).ReadAsync();
        foreach (var path in new[] { $"/api/v1/keys/{kept[0]}/test", "/api/v1/keys/test", $"/api/v1/agents/{agent}/check" })
            foreach (var member in new[] { "value", "key_ids", "provider" })
                (await admin.PostAsync(path, Arranged.Body((member, New(_stray))))).Dispose();
        foreach (var path in new[] { $"/api/v1/keys/{kept[0]}/tests?sort=", "/api/v1/providers?kind=", $"/api/v1/keys/{kept[0]}/tests?page=" })
            (await admin.GetAsync(path + Uri.EscapeDataString(New(_stray)))).Dispose();
        foreach (var key in kept) await admin.ReadAsync($"/api/v1/keys/{key}/tests");
        await admin.ReadAsync("/api/v1/providers");
    }

    private async Task PostOldKeysAsync(Api admin, Guid workspace)
    {
        var agent = await admin.AddAgentAsync(workspace, [.. Arranged.Kinds.Select(kind => ($"{kind}_key", (object?)New(_old)))]);
        var replaced = Arranged.Kinds.Select(_ => New(_old)).ToArray();
        await (await admin.PutAgentAsync(agent, [.. Arranged.Kinds.Zip(replaced, (kind, value) => ($"{kind}_key", (object?)value))])).ReadAsync();
        Current.AddRange(replaced);
        Stored.AddRange(replaced);
        await ResolveAsync(agent.Id());
        await (await admin.PutAgentAsync(agent, ("tts_key", New(_stray)))).ProblemAsync(HttpStatusCode.Conflict, "stale_version");
    }

    /// <summary>A key made of a raw one and replaced, a backfill, and all that is told of it. What it writes is an old key from then on.</summary>
    private async Task GoAndComeBackAsync(Api admin)
    {
        var workspace = await admin.AddWorkspaceInAsync(Arranged.WithFallback);
        await admin.SetPhaseAsync(workspace, Arranged.DirectKeys);
        var agent = (await admin.AddAgentAsync(workspace, ("tts_key", New(_old)))).Id();
        var made = await (await admin.PostAsync($"/api/v1/agents/{agent}/keys/tts/make-key", new { name = Fresh.Name("Made") })).ReadAsync(HttpStatusCode.Created);
        await admin.SetPhaseAsync(workspace, Arranged.WithFallback);
        await (await admin.PostAsync($"/api/v1/keys/{made.Id("key_id")}/versions", new { value = New(_old), version = 1 })).ReadAsync(HttpStatusCode.Created);
        Stored.Add(_old[^1]);
        await (await admin.PostAsync("/api/v1/rollout/preflight", new { phase = Arranged.DirectKeys, workspace_id = workspace })).ReadAsync();
        await admin.ReadAsync($"/api/v1/migration/shadow-check?workspace_id={workspace}");
        await _app.Database.OpenPanelAsync();
        foreach (var told in new[]
        {
            $"/rollout/preflight?phase={Arranged.DirectKeys}&workspace_id={workspace}", $"/rollout/preflight/export?phase={Arranged.DirectKeys}&workspace_id={workspace}",
            "/migration/shadow-check", "/migration/shadow-check/export", $"/rollout/backfill?workspace_id={workspace}", $"/agents/{agent}",
        })
            (await admin.GetAsync(told)).EnsureSuccessStatusCode();
        await (await admin.PostAsync("/api/v1/rollout/backfill", new { workspace_id = workspace })).ReadAsync();
        Heard(await _app.CliAsync("rollout", "preflight", Arranged.DirectKeys, "--workspace", workspace.ToString()), 0);
    }

    private async Task ImportAsync(string workspace)
    {
        Stored.Add(New(_old));
        Heard(await _app.ImportAsync($"{workspace},Imported,i1,{Stored[^1]},,"), 0);
        var (again, stray) = (New(_old), New(_stray));
        Stored[^1] = again;
        Heard(await _app.ImportAsync($"{workspace},Imported,i1,{again},,"), 0);
        string[] bad = [$",{stray},{stray},{stray},,", $"{workspace},{stray}\u0007,,,,", $"{workspace},x,,{stray}\0,,", $"{workspace},x,,\"{stray}", $"{stray},{stray},,,,,{stray}"];
        foreach (var row in bad) Heard(await _app.ImportAsync(row), 1);
    }

    private async Task PostWrongBodiesAsync(Api admin)
    {
        var world = await BodyWorld.CreateAsync(admin);
        foreach (var operation in BodyCases.All)
        {
            foreach (var field in operation.Fields)
                foreach (var (_, value) in BadValues.Of(field, world))
                {
                    var body = operation.Valid(world);
                    body[field.Name] = value;
                    (await admin.SendTextAsync(operation.Method, operation.Path(world), body.ToJsonString())).Dispose();
                }

            var stray = New(_stray);
            foreach (var body in new[] { $"{{\"value\":\"{stray}\",\"api_key\":\"{stray}\"}}", $"{{\"{stray}\":1}}", $"\"{stray}\"", stray, $"{{\"name\":{{\"a\":[\"{stray}" })
                (await admin.SendTextAsync(operation.Method, operation.Path(world), body)).Dispose();
        }
    }

    private async Task SendAroundBodiesAsync(string token)
    {
        foreach (var name in new[] { "User-Agent", "Referer", "Origin", "Cookie", "X-Api-Key", "X-Forwarded-For", "X-Forwarded-Host", "traceparent", "If-None-Match", "Accept-Language" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/rollout");
            request.Headers.TryAddWithoutValidation(name, New(_stray));
            (await Client(token, _answers).Http.SendAsync(request, TestContext.Current.CancellationToken)).Dispose();
        }

        foreach (var credentials in new[] { $"Bearer {New(_stray)}", $"Basic {New(_stray)}", New(_stray) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/rollout");
            request.Headers.TryAddWithoutValidation("Authorization", credentials);
            (await Client(null, _answers).Http.SendAsync(request, TestContext.Current.CancellationToken)).Dispose();
        }

        foreach (var field in new[] { "search", "sort", "page", "page_size", "kind", "status", "workspace_id", "unused", "api_key", "actor", "action", "from", "target_id", "bucket" })
            foreach (var list in new[] { "keys", "activity", "workspaces", "migration/plans", $"migration/plans/{Guid.NewGuid()}/items" })
                (await Client(token, _answers).GetAsync($"/api/v1/{list}?{field}={Uri.EscapeDataString(New(_stray))}")).Dispose();
    }

    private async Task SayOnCommandLineAsync()
    {
        string[] add = ["users", "add", "--role", "ops", "--email"];
        Heard(await _app.CliWithInputAsync($"{New(_stray)}\n", [.. add, "canary@example.com"]), 0);
        Heard(await _app.CliWithInputAsync($"{New(_stray)}\n", "users", "reset-password", "--email", "canary@example.com"), 0);
        Heard(await _app.CliWithInputAsync($"{New(_stray)}\u0007\n", [.. add, "other@example.com"]), 2);
    }

    /// <summary>Names and passwords, each in the field of the other too, and codes.</summary>
    private async Task SignInAsync()
    {
        using var caller = new Caller("canary", null, _app.Address);
        foreach (var email in new[] { "canary@example.com", New(_stray) }) await caller.TryPasswordAsync(email, New(_stray));
        await caller.PostAsync("/sign-in/code", ("ticket", New(_stray)), ("code", New(_stray)));
        await caller.PostAsync("/set-up", ("token", New(_stray)), ("email", New(_stray)), ("password", New(_stray)), ("password_again", New(_stray)));
    }

    private async Task ReadEverythingAsync(Api admin, Guid workspace)
    {
        foreach (var list in new[] { "/api/v1/keys?page_size=200", "/api/v1/workspaces?page_size=200", $"/api/v1/workspaces/{workspace}/agents", $"/workspaces/{workspace}/api-keys", "/api/v1/rollout", "/openapi/v1.json" })
            await admin.ReadAsync(list);
        await ReadPlanAsync(admin);
        await RunAndRollBackAsync(admin);
        var page = 1;
        while ((await admin.ReadAsync($"/api/v1/activity?page_size=200&page={page}")).Items().Count == 200) page++;
        foreach (var key in (await admin.ReadAsync("/api/v1/keys?page_size=200")).Items()) await admin.ReadAsync($"/api/v1/keys/{key.Id()}/versions");
        foreach (var agent in (await admin.ReadAsync($"/api/v1/workspaces/{workspace}/agents")).Items())
            foreach (var kind in Arranged.Kinds) await admin.ReadAsync($"/api/v1/agents/{agent.Id()}/keys/{kind}/explain");
    }

    /// <summary>A plan over everything, by every way in which it is shown.</summary>
    private static async Task ReadPlanAsync(Api admin)
    {
        var plan = (await (await admin.PostAsync("/api/v1/migration/plans", new { })).ReadAsync(HttpStatusCode.Created)).Id();
        var items = (await admin.ReadAsync($"/api/v1/migration/plans/{plan}/items?page_size=200")).Items();
        Assert.True(items.Count > 3, "The plan has too little in it.");
        foreach (var page in new[] { $"/migration/plans/{plan}?page_size=200", $"/migration/plans/{plan}/items/1", $"/api/v1/migration/plans/{plan}/items.csv", $"/api/v1/migration/plans/{plan}" })
            Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync(page)).StatusCode);
        var decisions = items.Where(item => item.Text("bucket") != "nothing_to_do").Select(item => new { kind = item.Text("kind"), fingerprint = item.Text("fingerprint"), action = "leave" }).Distinct();
        await (await admin.PutAsync($"/api/v1/migration/plans/{plan}/decisions", new { decisions })).ReadAsync();
    }

    /// <summary>Old keys sealed by a run, by every way in which it is shown, and back again.</summary>
    private static async Task RunAndRollBackAsync(Api admin)
    {
        var run = await admin.RunAsync(await (await admin.PostAsync("/api/v1/migration/plans", new { })).ReadAsync(HttpStatusCode.Created));
        Assert.True(run.Number("created") > 0, "The run made no key.");
        Assert.NotEmpty(await admin.RunItemsAsync(run.Id()));
        foreach (var page in new[] { $"/migration/runs/{run.Id()}?outcome=linked", $"/migration/runs/{run.Id()}/rollback", $"{Runs.Address}/{run.Id()}/items.csv", $"{Runs.Address}/{run.Id()}/rollback" })
            Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync(page)).StatusCode);
        Assert.Equal("completed", (await admin.RollBackAsync(run.Id(), force: true, removeUnusedKeys: true)).Text("state"));
    }

    private async Task ResolveAsync(Guid agent) =>
        await Client(await _app.TokenAsync("resolver"), _resolved).ReadAsync($"/api/v1/agents/{agent}/keys");

    private void Heard(CliResult said, int code) => _answers.AppendLine(said.Expect(code).Output).AppendLine(said.Errors);

    private static string New(List<string> list)
    {
        list.Add(Leaks.NewCanary());
        return list[^1];
    }

    private Api Client(string? token, StringBuilder record)
    {
        var client = new HttpClient(new Recorder(record)) { BaseAddress = _app.Address };
        if (token is not null) client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        _clients.Add(client);
        return new Api(client);
    }
}
