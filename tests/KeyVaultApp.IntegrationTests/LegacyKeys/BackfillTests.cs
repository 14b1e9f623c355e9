using System.Net;
using System.Text.Json;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.LegacyKeys;

/// <summary>Old columns brought up to date for the way back, and what stood there brought back.</summary>
public abstract class BackfillTests(SharedApp shared) : AppTests(shared)
{
    [Fact]
    public async Task After_it_the_way_back_changes_no_answer_and_references_stay()
    {
        var world = await RotatedAsync();
        var preview = await BackfillAsync(world.Workspace, dryRun: true);
        Assert.Equal((2, 2, 1), (preview.GetProperty("agents").GetInt32(), preview.GetProperty("slots").GetInt32(), preview.GetProperty("left").GetInt32()));
        Assert.Equal(JsonValueKind.Null, preview.GetProperty("id").ValueKind);
        Assert.Equal(world.Old, await App.Database.LegacyAsync(world.Held, "tts"));

        var done = await BackfillAsync(world.Workspace);

        Assert.Equal((2, 2, 1), (done.GetProperty("agents").GetInt32(), done.GetProperty("slots").GetInt32(), done.GetProperty("left").GetInt32()));
        Assert.Equal([world.Broken], done.GetProperty("left_agents").EnumerateArray().Select(agent => agent.Id()));
        foreach (var agent in new[] { world.Held, world.Made }) Assert.Equal(world.Now, await App.Database.LegacyAsync(agent, "tts"));
        Assert.Equal(world.Same, await App.Database.LegacyAsync(world.Untouched, "tts"));
        Assert.Equal("reference", (await (await Resolver.ResolveAsync(world.Held)).ReadAsync()).Text("source"));
        Assert.Equal([world.Broken], (await PreflightAsync(world.Workspace)).Select(agent => agent.Id()));
        Assert.Equal("old_columns_backfilled", (await Admin.ActivityOfAsync(done.Id()))[0].Text("action"));

        await (await Admin.PostAsync($"/api/v1/keys/{world.Stopped}/enable", new { })).ReadAsync();
        await BackfillAsync(world.Workspace);
        Assert.Empty(await PreflightAsync(world.Workspace));
        await (await Admin.PutAsync("/api/v1/rollout", new { phase = Arranged.DirectKeys, workspace_id = world.Workspace })).ReadAsync();
        Assert.Equal((world.Now, "legacy"), await AnswerAsync(world.Made));
    }

    [Fact]
    public async Task Where_nothing_would_change_nothing_is_written()
    {
        var workspace = await Admin.AddWorkspaceInAsync(Arranged.WithFallback);
        var key = await Admin.AddKeyToAsync(workspace);

        Assert.Equal(JsonValueKind.Null, (await BackfillAsync(workspace)).GetProperty("id").ValueKind);
        Assert.DoesNotContain((await Admin.ReadAsync("/api/v1/rollout/backfills?page_size=200")).Items(), row => row.Text("workspace_id") == workspace.ToString());

        await Admin.AddAgentAsync(workspace, ("selected_tts_key_id", key));
        var id = (await BackfillAsync(workspace)).Id();
        var row = (await Admin.ReadAsync("/api/v1/rollout/backfills?page_size=200")).Items().Single(row => row.Id() == id);
        Assert.Equal((1, workspace), (row.GetProperty("slots").GetInt32(), row.Id("workspace_id")));
        Assert.Contains(id.ToString(), (await App.CliAsync("rollout", "backfills")).Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Undone_it_brings_back_what_stood_there_but_for_what_was_edited_since_and_only_once()
    {
        var world = await RotatedAsync();
        var id = (await BackfillAsync(world.Workspace)).Id();
        var edited = Fresh.Value();
        await App.Database.SetLegacyAsync(world.Made, "tts", edited);

        var undone = await (await Admin.PostAsync($"/api/v1/rollout/backfill/{id}/undo", new { })).ReadAsync();

        Assert.Equal((1, 1, 0), (undone.GetProperty("restored").GetInt32(), undone.GetProperty("edited").GetInt32(), undone.GetProperty("unreadable").GetInt32()));
        Assert.Equal(world.Old, await App.Database.LegacyAsync(world.Held, "tts"));
        Assert.Equal(edited, await App.Database.LegacyAsync(world.Made, "tts"));
        await (await Admin.PostAsync($"/api/v1/rollout/backfill/{id}/undo", new { })).ProblemAsync(HttpStatusCode.Conflict, "already_undone");
        (await App.CliAsync("rollout", "undo-backfill", id.ToString())).Expect(3);
        Assert.Equal(["backfill_undone", "old_columns_backfilled"], (await Admin.ActivityOfAsync(id)).Select(entry => entry.Text("action")));
        await (await Admin.PostAsync($"/api/v1/rollout/backfill/{Guid.NewGuid()}/undo", new { })).ProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Undoing_is_refused_with_the_agents_while_they_use_their_old_columns_unless_forced()
    {
        var world = await RotatedAsync();
        var id = (await BackfillAsync(world.Workspace)).Id();
        await Admin.SetPhaseAsync(world.Workspace, Arranged.DirectKeys);

        var problem = await (await Admin.PostAsync($"/api/v1/rollout/backfill/{id}/undo", new { })).ProblemAsync(HttpStatusCode.Conflict, "would_change_answers");

        Assert.Equal(2, problem.GetProperty("total").GetInt32());
        Assert.Equal((world.Now, "legacy"), await AnswerAsync(world.Held));
        var refused = (await App.CliAsync("rollout", "undo-backfill", id.ToString())).Expect(3).Errors;
        Assert.Contains($"{(await Admin.ReadAsync($"/api/v1/agents/{world.Held}")).Text("name")}  {world.Held}  tts\n", refused, StringComparison.Ordinal);
        Assert.Contains("2 agents would get another answer than now: refused without --force.", refused, StringComparison.Ordinal);
        Assert.DoesNotContain('{', refused);
        (await App.CliAsync("rollout", "undo-backfill", id.ToString(), "--force")).Expect(0);
        Assert.Equal((world.Old, "legacy"), await AnswerAsync(world.Held));
        Assert.Null(await App.Database.LegacyAsync(world.Made, "tts"));
    }

    [Fact]
    public async Task What_stood_there_is_kept_sealed_to_its_row_and_the_keyring_knows_it()
    {
        var world = await RotatedAsync();
        var id = (await BackfillAsync(world.Workspace)).Id();

        var kept = await App.Database.BackfilledAsync(id);
        Assert.Equal([world.Held], kept.Select(entry => entry.AgentId));
        Assert.DoesNotContain(world.Old, System.Text.Encoding.Latin1.GetString(kept[0].Sealed!), StringComparison.Ordinal);
        using var status = JsonDocument.Parse((await App.CliAsync("keyring", "status", "--json")).Expect(0).Output);
        Assert.True(status.RootElement.GetProperty("data_keys")[0].GetProperty("old_keys").GetInt32() > 0);

        await App.Database.MoveBackfilledAsync(id, world.Held, world.Made);
        var undone = await (await Admin.PostAsync($"/api/v1/rollout/backfill/{id}/undo", new { })).ReadAsync();
        Assert.Equal((1, 0, 1), (undone.GetProperty("restored").GetInt32(), undone.GetProperty("edited").GetInt32(), undone.GetProperty("unreadable").GetInt32()));
        Assert.Contains($"unreadable  old tts key of agent {world.Made}  kept by backfill {id}", (await App.CliAsync("keyring", "verify")).Expect(1).Output, StringComparison.Ordinal);
        await App.Database.MoveBackfilledAsync(id, world.Made, world.Held);
    }

    /// <param name="Held">Held the key's first value before it was replaced.</param>
    /// <param name="Made">Made after the switch: its old column is empty.</param>
    /// <param name="Untouched">Holds the value of a key that was not replaced.</param>
    /// <param name="Broken">Its key is disabled, and its old column holds another one.</param>
    private sealed record World(Guid Workspace, string Old, string Now, string Same, Guid Held, Guid Made, Guid Untouched, Guid Broken, Guid Stopped);

    private async Task<World> RotatedAsync()
    {
        var workspace = await Admin.AddWorkspaceInAsync(Arranged.DirectKeys);
        var (old, now, same) = (Fresh.Value(), Fresh.Value(), Fresh.Value());
        var (rotated, kept, stopped) = (await Admin.AddKeyToAsync(workspace, "tts", old), await Admin.AddKeyToAsync(workspace, "tts", same), await Admin.AddKeyToAsync(workspace, "stt"));
        var held = (await Admin.AddAgentAsync(workspace, ("tts_key", old), ("selected_tts_key_id", rotated))).Id();
        var untouched = (await Admin.AddAgentAsync(workspace, ("tts_key", same), ("selected_tts_key_id", kept))).Id();
        var broken = (await Admin.AddAgentAsync(workspace, ("stt_key", Fresh.Value()), ("selected_stt_key_id", stopped))).Id();
        await Admin.SetPhaseAsync(workspace, Arranged.WithFallback);
        var made = (await Admin.AddAgentAsync(workspace, ("selected_tts_key_id", rotated))).Id();
        await (await Admin.PostAsync($"/api/v1/keys/{rotated}/versions", new { value = now, version = 1 })).ReadAsync(HttpStatusCode.Created);
        await (await Admin.PostAsync($"/api/v1/keys/{stopped}/disable", new { confirm = true })).ReadAsync();
        return new World(workspace, old, now, same, held, made, untouched, broken, stopped);
    }

    private async Task<JsonElement> BackfillAsync(Guid workspace, bool? dryRun = null) =>
        await (await Admin.PostAsync("/api/v1/rollout/backfill", new { workspace_id = workspace, dry_run = dryRun })).ReadAsync();

    private async Task<IReadOnlyList<JsonElement>> PreflightAsync(Guid workspace) =>
        [.. (await (await Admin.PostAsync("/api/v1/rollout/preflight", new { phase = Arranged.DirectKeys, workspace_id = workspace })).ReadAsync()).GetProperty("agents").EnumerateArray()];

    private async Task<(string, string)> AnswerAsync(Guid agent)
    {
        var answer = await (await Resolver.ResolveAsync(agent)).ReadAsync();
        return (answer.Text("value"), answer.Text("source"));
    }

    public sealed class OnSqlite(SqliteApp app) : BackfillTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgreSql(PostgreSqlApp app) : BackfillTests(app), IClassFixture<PostgreSqlApp>;

    public sealed class OnSqlServer(SqlServerApp app) : BackfillTests(app), IClassFixture<SqlServerApp>;
}
