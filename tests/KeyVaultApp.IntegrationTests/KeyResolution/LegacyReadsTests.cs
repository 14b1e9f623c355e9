using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.KeyResolution;

/// <summary>Every answer of an old column is counted: by workspace and day, and by agent.</summary>
public abstract class LegacyReadsTests(SharedApp shared) : AppTests(shared)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task Reads_are_counted_by_kind_and_what_reads_no_old_column_is_not()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var key = await Admin.AddKeyToAsync(workspace, "elevenlabs");
        var agent = (await Admin.AddAgentAsync(workspace, ("tts_key", Fresh.Value()), ("stt_key", Fresh.Value()), ("selected_elevenlabs_key_id", key))).Id();
        await Admin.SetPhaseAsync(workspace, Arranged.WithFallback);

        for (var i = 0; i < 3; i++) await Resolver.ResolvedValueAsync(agent);
        await Resolver.ReadAsync($"/api/v1/agents/{agent}/keys");
        await Admin.ReadAsync($"/api/v1/agents/{agent}");

        await UntilAsync(async () => await ReadsAsync(workspace) == "1:4 2:1");
        Assert.Equal("1:4 2:1", await AgentReadsAsync(agent));
    }

    [Fact]
    public async Task Counts_add_up_over_flushes_and_keep_the_last_time()
    {
        var workspace = (await Admin.AddWorkspaceAsync()).Id();
        var agent = (await Admin.AddAgentAsync(workspace, ("tts_key", Fresh.Value()))).Id();
        await Resolver.ResolvedValueAsync(agent);
        await UntilAsync(async () => await AgentReadsAsync(agent) == "1:1");
        var first = await LastReadAsync(agent);

        await Resolver.ResolvedValueAsync(agent);

        await UntilAsync(async () => await AgentReadsAsync(agent) == "1:2");
        Assert.Equal("1:2", await ReadsAsync(workspace));
        Assert.True(await LastReadAsync(agent) > first);
    }

    private async Task<string> ReadsAsync(Guid workspace) => string.Join(' ', await App.Database.QueryAsync<string>(
        $"SELECT CONCAT(kind, ':', SUM(reads)) AS \"Value\" FROM legacy_reads WHERE workspace_id = {workspace} GROUP BY kind ORDER BY kind"));

    private async Task<string> AgentReadsAsync(Guid agent) => string.Join(' ', await App.Database.QueryAsync<string>(
        $"SELECT CONCAT(kind, ':', reads) AS \"Value\" FROM legacy_agent_reads WHERE agent_id = {agent} ORDER BY kind"));

    private async Task<DateTime> LastReadAsync(Guid agent) =>
        Assert.Single(await App.Database.QueryAsync<DateTime>($"SELECT last_read_at AS \"Value\" FROM legacy_agent_reads WHERE agent_id = {agent}"));

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!await holds()) await Task.Delay(Look, limit.Token);
    }

    public sealed class OnSqlite(SqliteApp app) : LegacyReadsTests(app);

    public sealed class OnPostgreSql(PostgreSqlApp app) : LegacyReadsTests(app);

    public sealed class OnSqlServer(SqlServerApp app) : LegacyReadsTests(app);
}
