using System.Net;
using System.Text.Json;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Access;

/// <summary>Forms with more in them than their page offers: members of other rows, ids of other workspaces, tokens of other people.</summary>
public abstract class PageFormTests(SharedApp shared) : AppTests(shared)
{
    private static readonly string[] Sealed = ["sealed", "data_key_number", "fingerprint", "last4", "current_version", "status", "created_at", "normalized_name"];

    [Fact]
    public async Task Members_that_a_form_does_not_offer_change_nothing()
    {
        using var admin = await App.AdminAsync();
        var (workspace, foreign) = ((await Admin.AddWorkspaceAsync()).Id(), (await Admin.AddWorkspaceAsync()).Id());
        await Admin.SetPhaseAsync(workspace, Arranged.WithFallback);
        var key = await Admin.AddKeyAsync(workspaces: [workspace]);
        var agent = await Admin.AddAgentAsync(workspace);
        var planted = Guid.NewGuid();
        (string, string)[] more =
        [
            ("id", planted.ToString()), ("Id", planted.ToString()), ("workspace_id", foreign.ToString()), ("WorkspaceId", foreign.ToString()), ("role", "admin"), ("Role", "Admin"),
            .. Sealed.Select(name => (name, "1")), .. Sealed.Select(name => ($"key.{name}", "1")),
        ];

        await admin.OpenAsync($"/agents/{agent.Id()}");
        await ThroughAsync(admin.PostAsync($"/agents/{agent.Id()}", [("name", "Renamed"), ("version", "1"), .. more]));
        var after = await Admin.ReadAsync($"/api/v1/agents/{agent.Id()}");
        Assert.Equal(("Renamed", workspace, 2), (after.Text("name"), after.Id("workspace_id"), after.Version()));

        await ThroughAsync(admin.PostAsync($"/keys/{key.Id()}/edit", [("name", $"{key.Text("name")} 2"), ("version", "1"), ("value", "sk-planted-value"), .. more]));
        var changed = await Admin.ReadAsync($"/api/v1/keys/{key.Id()}");
        Assert.Equal(key.Text("name") + " 2", changed.Text("name"));
        foreach (var member in new[] { "id", "kind", "fingerprint", "last4", "status", "current_version", "created_at", "workspace_ids" })
            Assert.Equal(key.GetProperty(member).GetRawText(), changed.GetProperty(member).GetRawText());

        var name = Unique("Made");
        await ThroughAsync(admin.PostAsync("/workspaces/new", [("name", name), ("version", "7"), .. more]));
        var made = (await Admin.ReadAsync($"/api/v1/workspaces?search={name}")).Items().Single();
        Assert.Equal(1, made.Version());
        foreach (var path in new[] { "workspaces", "keys", "agents" }) await (await Admin.GetAsync($"/api/v1/{path}/{planted}")).ProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Nobody_gives_themselves_a_role()
    {
        var own = (await Admin.AddWorkspaceAsync()).Id();
        var email = await App.AddPersonAsync("user", own);
        var id = await App.UserIdAsync(email);
        using var user = await App.SignInAsync(email);
        await user.OpenAsync("/account/password");
        await ThroughAsync(user.PostAsync("/account/password",
            ("current_password", Panel.Password), ("new_password", Panel.Password + "!"), ("new_password_again", Panel.Password + "!"),
            ("role", "admin"), ("Role", "1"), ("id", Guid.NewGuid().ToString()), ("security_stamp", "x"), ("two_factor_enabled", "true"), ("email", "other@example.com")));
        Assert.Equal(HttpStatusCode.Forbidden, (await user.PostAsync($"/settings/users/{id}", ("role", "admin"), ("stamp", "x"))).StatusCode);

        Assert.Equal(HttpStatusCode.Forbidden, (await user.SendAsync(HttpMethod.Get, "/settings/users")).StatusCode);
        Assert.Equal((id, 0), (await App.UserIdAsync(email), (await App.Database.QueryAsync<int>($"SELECT COUNT(*) AS \"Value\" FROM users WHERE email = {"other@example.com"}"))[0]));
    }

    [Fact]
    public async Task Ids_of_another_workspace_in_a_form_are_not_found()
    {
        var (own, foreign) = (await Admin.AddWorkspaceInAsync(Arranged.WithFallback), await Admin.AddWorkspaceInAsync(Arranged.WithFallback));
        var (ownKey, foreignKey) = (await Admin.AddKeyToAsync(own), await Admin.AddKeyToAsync(foreign));
        var (agent, foreignAgent) = (await Admin.AddAgentAsync(own), await Admin.AddAgentAsync(foreign));
        using var user = await App.SignInAsync(await App.AddPersonAsync("user", own));
        await user.OpenAsync($"/agents/{agent.Id()}");

        (string Path, (string, string)[] Fields)[] tries =
        [
            ($"/agents/{agent.Id()}", [("name", "Taken"), ("version", "1"), ("selected_tts_key_id", foreignKey.ToString())]),
            ($"/agents/{foreignAgent.Id()}", [("name", "Taken"), ("version", "1")]),
            ($"/agents/{foreignAgent.Id()}/delete", [("version", "1")]),
            ($"/agents/{foreignAgent.Id()}/check", []),
            ("/agents/new", [("workspace_id", foreign.ToString()), ("name", "Taken")]),
            ("/agents/new", [("workspace_id", own.ToString()), ("name", "Taken"), ("selected_tts_key_id", foreignKey.ToString())]),
        ];
        foreach (var (path, fields) in tries) Assert.Equal(HttpStatusCode.NotFound, (await user.PostAsync(path, fields)).StatusCode);
        foreach (var path in new[] { $"/agents/{foreignAgent.Id()}", $"/agents/new?workspace_id={foreign}", $"/workspaces/{foreign}", $"/agents/{foreignAgent.Id()}/explain" })
            Assert.Equal(HttpStatusCode.NotFound, (await user.SendAsync(HttpMethod.Get, path)).StatusCode);
        Assert.Equal((1, 1), ((await Admin.ReadAsync($"/api/v1/agents/{agent.Id()}")).Version(), (await Admin.ReadAsync($"/api/v1/agents/{foreignAgent.Id()}")).Version()));

        await ThroughAsync(user.PostAsync($"/agents/{agent.Id()}", ("name", "Own"), ("version", "1"), ("selected_tts_key_id", ownKey.ToString())));
        Assert.Equal(JsonValueKind.String, (await Admin.ReadAsync($"/api/v1/agents/{agent.Id()}")).GetProperty("selected_tts_key_id").ValueKind);
    }

    [Fact]
    public async Task A_form_wants_the_token_of_whoever_sends_it()
    {
        using var admin = await App.AdminAsync();
        using var other = await App.SignInAsync(await App.AddPersonAsync("admin"));
        using var nobody = new Caller("nobody", null, App.Address);
        await nobody.OpenAsync("/sign-in");
        var name = Unique("Forged");

        foreach (var token in new[] { other.FormToken, nobody.FormToken, "CfDJ8nonsense", "" })
        {
            admin.TakeFormToken(token);
            Assert.Equal(HttpStatusCode.BadRequest, (await admin.PostAsync("/workspaces/new", ("name", name))).StatusCode);
        }

        admin.ForgetFormToken();
        Assert.Equal(HttpStatusCode.BadRequest, (await admin.PostAsync("/workspaces/new", ("name", name))).StatusCode);
        Assert.Equal(0, (await Admin.ReadAsync($"/api/v1/workspaces?search={name}")).GetProperty("total").GetInt32());

        await admin.OpenAsync("/workspaces/new");
        await ThroughAsync(admin.PostAsync("/workspaces/new", ("name", name)));
        Assert.Equal(1, (await Admin.ReadAsync($"/api/v1/workspaces?search={name}")).GetProperty("total").GetInt32());
    }

    private static async Task ThroughAsync(Task<HttpResponseMessage> sent)
    {
        var answer = await sent;
        Assert.True(answer.StatusCode == HttpStatusCode.Redirect, $"{(int)answer.StatusCode}: {await answer.TextAsync()}");
    }

    public sealed class OnSqlite(SqliteApp app) : PageFormTests(app);

    public sealed class OnPostgreSql(PostgreSqlApp app) : PageFormTests(app);

    public sealed class OnSqlServer(SqlServerApp app) : PageFormTests(app);
}
