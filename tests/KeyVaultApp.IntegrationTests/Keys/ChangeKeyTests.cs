using System.Net;
using System.Text.Json;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Keys;

public abstract class ChangeKeyTests(SharedApp shared) : AppTests(shared)
{
    private static readonly string[] Optional = ["provider", "region", "notes", "expires_at"];

    [Fact]
    public async Task Absent_members_stay_as_they_are()
    {
        var key = await DescribedAsync();
        var name = Unique("Renamed");

        var changed = await (await Admin.PatchAsync(Address(key), new { name, version = key.Version() })).ReadAsync();

        Assert.Equal(name, changed.Text("name"));
        Assert.All(Optional, member => Assert.Equal(key.Text(member), changed.Text(member)));
        Assert.Equal(key.Version() + 1, changed.Version());
    }

    [Theory]
    [InlineData("provider")]
    [InlineData("region")]
    [InlineData("notes")]
    [InlineData("expires_at")]
    public async Task Null_clears_a_member_and_that_one_alone(string member)
    {
        var key = await DescribedAsync();

        var changed = await (await Admin.PatchAsync(Address(key), Arranged.Body((member, null), ("version", key.Version())))).ReadAsync();

        Assert.Equal(JsonValueKind.Null, changed.GetProperty(member).ValueKind);
        Assert.All(Optional.Except([member]), other => Assert.Equal(key.Text(other), changed.Text(other)));
    }

    [Theory]
    [InlineData("2999-01-01", "2999-01-01T00:00:00.000Z")]
    [InlineData("2999-01-01T12:30", "2999-01-01T12:30:00.000Z")]
    [InlineData("2999-01-01T12:30:15.5", "2999-01-01T12:30:15.500Z")]
    [InlineData("2999-01-01T12:30:15+05:30", "2999-01-01T07:00:15.000Z")]
    public async Task A_time_without_an_offset_is_UTC(string said, string kept)
    {
        var key = await Admin.AddKeyAsync();

        Assert.Equal(kept, (await (await Admin.PatchAsync(Address(key), new { expires_at = said, version = 1 })).ReadAsync()).Text("expires_at"));
    }

    [Fact]
    public async Task A_name_cannot_be_cleared()
    {
        var key = await Admin.AddKeyAsync();

        await (await Admin.PatchAsync(Address(key), Arranged.Body(("name", null), ("version", 1)))).ProblemAsync(HttpStatusCode.BadRequest, "invalid", "name");

        Assert.Equal(key.Text("name"), (await Admin.ReadAsync(Address(key))).Text("name"));
    }

    [Fact]
    public async Task A_name_that_another_key_has_is_refused_ignoring_case()
    {
        var (key, other) = (await Admin.AddKeyAsync(), await Admin.AddKeyAsync());

        await (await Admin.PatchAsync(Address(key), new { name = other.Text("name").ToUpperInvariant(), version = 1 }))
            .ProblemAsync(HttpStatusCode.Conflict, "name_taken", "name");
        await (await Admin.PatchAsync(Address(key), new { name = key.Text("name").ToUpperInvariant(), version = 1 })).ReadAsync();
    }

    [Fact]
    public async Task A_stale_version_changes_nothing()
    {
        var key = await Admin.AddKeyAsync();
        await (await Admin.PatchAsync(Address(key), new { notes = "first", version = 1 })).ReadAsync();

        await (await Admin.PatchAsync(Address(key), new { notes = "second", version = 1 })).ProblemAsync(HttpStatusCode.Conflict, "stale_version", "version");

        Assert.Equal("first", (await Admin.ReadAsync(Address(key))).Text("notes"));
    }

    [Fact]
    public async Task Of_two_changes_at_once_one_is_told_that_it_is_stale()
    {
        var key = await Admin.AddKeyAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Admin.PatchAsync(Address(key), new { notes = $"number {i}", version = 1 })));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        foreach (var answer in answers.Where(answer => answer.StatusCode != HttpStatusCode.OK)) await answer.ProblemAsync(HttpStatusCode.Conflict, "stale_version");
        Assert.Equal(2, (await Admin.ActivityOfAsync(key.Id())).Count);
    }

    [Fact]
    public async Task The_value_of_a_key_that_is_renamed_still_opens()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var value = Fresh.Value();
        var key = await Admin.AddKeyAsync("tts", value, workspaces: workspace);
        var agent = (await Admin.AddAgentAsync(workspace, ("selected_tts_key_id", key.Id()))).Id();
        await Admin.SetPhaseAsync(workspace, Arranged.ReferencesOnly);

        await (await Admin.PatchAsync(Address(key), new { name = Unique("Renamed"), version = 1 })).ReadAsync();

        Assert.Equal(value, await Resolver.ResolvedValueAsync(agent));
    }

    [Fact]
    public async Task Nothing_is_written_where_nothing_changes()
    {
        var key = await Admin.ReadAsync(Address(await DescribedAsync()));
        var body = Arranged.Body([("name", key.Text("name")), .. Optional.Select(member => (member, (object?)key.Text(member))), ("version", key.Version())]);

        var same = await (await Admin.PatchAsync(Address(key), body)).ReadAsync();
        Assert.Equal(key.GetRawText(), same.GetRawText());
        var before = (await Admin.ActivityOfAsync(key.Id())).Count;

        await (await Admin.PatchAsync(Address(key), new { notes = "other", version = key.Version() })).ReadAsync();
        Assert.Equal(before + 1, (await Admin.ActivityOfAsync(key.Id())).Count);
        Assert.Equal(1, before);
    }

    private static string Address(JsonElement key) => $"/api/v1/keys/{key.Id()}";

    private async Task<JsonElement> DescribedAsync()
    {
        return await (await Admin.PostAsync("/api/v1/keys", new
        {
            name = Unique("Key"),
            kind = "tts",
            provider = "deepgram",
            region = "eu1",
            value = Fresh.Value(),
            workspace_ids = Array.Empty<Guid>(),
            notes = "Kept by Ops",
            expires_at = "2999-01-01T00:00:00.000Z",
            skip_test = true,
        })).ReadAsync(HttpStatusCode.Created);
    }

    public sealed class OnSqlite(SqliteApp app) : ChangeKeyTests(app);

    public sealed class OnPostgreSql(PostgreSqlApp app) : ChangeKeyTests(app);

    public sealed class OnSqlServer(SqlServerApp app) : ChangeKeyTests(app);
}
