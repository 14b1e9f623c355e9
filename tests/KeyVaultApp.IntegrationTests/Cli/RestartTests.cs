using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Cli;

/// <summary>What was answered with success is there after any end of the process.</summary>
public abstract class RestartTests(Databases provider)
{
    [Fact]
    public async Task A_kill_and_a_stop_lose_nothing()
    {
        await using var app = await App.StartAsync(provider);
        var (admin, resolver) = (app.Client(await app.TokenAsync("admin")), app.Client(await app.TokenAsync("resolver")));
        var workspace = (await admin.AddWorkspaceAsync()).Id();
        var (managed, raw) = (Fresh.Value(), Fresh.Value());
        var key = await admin.AddKeyToAsync(workspace, "tts", managed);
        var agent = (await admin.AddAgentAsync(workspace, ("selected_tts_key_id", key), ("stt_key", raw))).Id();
        await admin.SetPhaseAsync(workspace, Arranged.WithFallback);
        var before = await app.Database.StateAsync();

        await app.KillAsync();
        await app.ServeAsync();
        await AssertThereAsync();

        await resolver.ResolvedValueAsync(agent, "stt");
        await app.StopAsync();
        // Counted reads are written at the end.
        Assert.NotEmpty(await app.Database.QueryAsync<int>($"SELECT kind AS \"Value\" FROM legacy_agent_reads WHERE agent_id = {agent}"));
        await app.ServeAsync();
        await AssertThereAsync();

        async Task AssertThereAsync()
        {
            Assert.Equal(before, await app.Database.StateAsync());
            Assert.Equal((managed, raw), (await resolver.ResolvedValueAsync(agent), await resolver.ResolvedValueAsync(agent, "stt")));
        }
    }

    [Fact]
    public async Task What_was_answered_before_a_kill_under_load_is_there_and_the_rest_is_whole()
    {
        await using var app = await App.StartAsync(provider);
        var admin = app.Client(await app.TokenAsync("admin"));
        var workspace = (await admin.AddWorkspaceAsync()).Id();
        var answered = new System.Collections.Concurrent.ConcurrentBag<Guid>();
        var writing = Enumerable.Range(0, 4).Select(async _ =>
        {
            try
            {
                while (true) answered.Add((await admin.AddAgentAsync(workspace, ("tts_key", Fresh.Value()))).Id());
            }
            catch (HttpRequestException)
            {
                // The server is gone.
            }
        }).ToArray();
        while (answered.Count < 20) await Task.Delay(20, TestContext.Current.CancellationToken);

        await app.KillAsync();
        await Task.WhenAll(writing);
        await app.ServeAsync();

        Assert.All(answered, id => Assert.Equal(System.Net.HttpStatusCode.OK, admin.GetAsync($"/api/v1/agents/{id}").GetAwaiter().GetResult().StatusCode));
        var agents = (await app.Database.QueryAsync<int>($"SELECT COUNT(*) AS \"Value\" FROM agents WHERE tts_key IS NOT NULL"))[0];
        Assert.Equal([agents], await app.Database.QueryAsync<int>($"SELECT COUNT(*) AS \"Value\" FROM agents"));
        Assert.Equal([agents], await app.Database.QueryAsync<int>($"SELECT COUNT(*) AS \"Value\" FROM activity WHERE action = 'agent_created'"));
    }

    public sealed class OnSqlite() : RestartTests(Databases.Sqlite);

    public sealed class OnPostgreSql() : RestartTests(Databases.PostgreSql);
}
