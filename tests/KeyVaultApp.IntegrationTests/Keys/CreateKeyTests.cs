using System.Net;
using System.Text.Json;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Keys;

public abstract class CreateKeyTests(SharedApp shared) : AppTests(shared)
{
    private const string Address = "/api/v1/keys";

    [Fact]
    public async Task Everything_that_was_said_is_kept_but_the_value()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var (name, value) = (Unique("Production-TTS"), Fresh.Value());
        var answer = await Admin.PostAsync(Address, new
        {
            name = $" {name} ",
            kind = "tts",
            provider = "azure-speech",
            region = "westeurope",
            value,
            workspace_ids = new[] { workspace, workspace },
            notes = "Line one\nمفتاح 🔑",
            expires_at = "2999-12-31T23:00:00+02:00",
            skip_test = true,
        });

        var row = await answer.ReadAsync(HttpStatusCode.Created);
        Assert.Equal($"{Address}/{row.Id()}", answer.Headers.Location?.OriginalString);
        Assert.Equal(
            (name, "tts", "azure-speech", "westeurope", "Line one\nمفتاح 🔑"),
            (row.Text("name"), row.Text("kind"), row.Text("provider"), row.Text("region"), row.Text("notes")));
        Assert.Equal(("active", "2999-12-31T21:00:00.000Z", value[^4..]), (row.Text("status"), row.Text("expires_at"), row.Text("last4")));
        Assert.Equal([workspace], row.GetProperty("workspace_ids").EnumerateArray().Select(id => id.GetGuid()));
        Assert.Equal((1, 1, 0), (row.Version(), row.GetProperty("current_version").GetInt32(), row.GetProperty("agent_count").GetInt32()));
        Assert.Matches("^[0-9a-f]{64}$", row.Text("fingerprint"));
    }

    [Fact]
    public async Task What_is_optional_may_be_left_out()
    {
        var row = await (await Admin.PostAsync(Address, new { name = Unique("Bare"), kind = "stt", value = "short", workspace_ids = Array.Empty<Guid>() }))
            .ReadAsync(HttpStatusCode.Created);

        Assert.All(["provider", "region", "last4", "notes", "expires_at"], member => Assert.Equal(JsonValueKind.Null, row.GetProperty(member).ValueKind));
        Assert.Empty(row.GetProperty("workspace_ids").EnumerateArray());
    }

    [Fact]
    public async Task No_answer_of_the_management_has_the_value()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        await (await Admin.PutAsync("/api/v1/rollout", new { phase = "references_with_fallback", workspace_id = workspace })).ReadAsync();
        var value = Fresh.Value();
        var created = await Admin.AddKeyAsync("tts", value, workspaces: workspace);
        var agent = (await Admin.AddAgentAsync(workspace, ("selected_tts_key_id", created.Id()))).Id();
        var key = $"{Address}/{created.Id()}";

        string[] addresses =
        [
            key, $"{key}/versions", $"{key}/agents", $"{Address}?search={created.Text("name")}", $"/workspaces/{workspace}/api-keys", $"/api/v1/agents/{agent}",
            $"/api/v1/workspaces/{workspace}/agents", $"/api/v1/agents/{agent}/keys/tts/explain", $"/api/v1/activity?target_id={created.Id()}",
        ];
        foreach (var address in addresses)
        {
            var text = (await Admin.ReadAsync(address)).GetRawText();
            var proof = address == $"{key}/versions" ? created.Text("fingerprint") : address == $"{key}/agents" || address.EndsWith("/explain", StringComparison.Ordinal) ? agent.ToString() : created.Id().ToString();
            Assert.Contains(proof, text, StringComparison.Ordinal);
            Assert.DoesNotContain(value[3..], text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(value[3..], created.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(value, await Resolver.ResolvedValueAsync(agent));
    }

    [Fact]
    public async Task A_name_is_unique_ignoring_case()
    {
        var name = Unique("Clé É");
        await Admin.AddKeyAsync(name: name);

        await (await Admin.PostAsync(Address, new { name = name.ToUpperInvariant(), kind = "stt", value = Fresh.Value() }))
            .ProblemAsync(HttpStatusCode.Conflict, "name_taken", "name");
        Assert.Equal(1, (await Admin.ReadAsync($"{Address}?search={name}")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task The_same_value_has_the_same_fingerprint_within_a_kind_only()
    {
        var value = Fresh.Value();
        var (first, second, other) = (await Admin.AddKeyAsync("tts", value), await Admin.AddKeyAsync("tts", value), await Admin.AddKeyAsync("stt", value));

        Assert.Equal(first.Text("fingerprint"), second.Text("fingerprint"));
        Assert.NotEqual(first.Text("fingerprint"), other.Text("fingerprint"));
    }

    [Theory]
    [InlineData("id")]
    [InlineData("status")]
    [InlineData("version")]
    [InlineData("current_version")]
    [InlineData("fingerprint")]
    [InlineData("sealed")]
    [InlineData("Name")]
    public async Task Members_that_are_not_the_callers_to_set_are_refused(string member)
    {
        var name = Unique("Over");
        var body = Arranged.Body(("name", name), ("kind", "tts"), ("value", Fresh.Value()));
        var refused = new Dictionary<string, object?>(body, StringComparer.Ordinal) { [member] = Guid.NewGuid() };

        await (await Admin.PostAsync(Address, refused)).ProblemAsync(HttpStatusCode.BadRequest, "invalid");

        Assert.Equal(0, (await Admin.ReadAsync($"{Address}?search={name}")).GetProperty("total").GetInt32());
        await (await Admin.PostAsync(Address, body)).ReadAsync(HttpStatusCode.Created);
    }

    public sealed class OnSqlite(SqliteApp app) : CreateKeyTests(app);

    public sealed class OnPostgreSql(PostgreSqlApp app) : CreateKeyTests(app);

    public sealed class OnSqlServer(SqlServerApp app) : CreateKeyTests(app);
}
