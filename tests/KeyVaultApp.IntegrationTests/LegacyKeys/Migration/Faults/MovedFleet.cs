using System.Text.Json;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.LegacyKeys.Migration.Faults;

/// <summary>
/// An installation of its own with a fleet on raw keys, and a plan that makes a key of each value. It can tell whether every
/// agent still gets the value it had, and whether the journal has each slot exactly once.
/// </summary>
internal sealed class MovedFleet : IAsyncDisposable
{
    private const int Keys = 100;
    private const int Workspaces = 5;
    private const int AskedOfResolver = 10;

    private readonly string _oldColumns;

    private MovedFleet(App app, Api admin, Api resolver, JsonElement plan, int slots, string oldColumns)
    {
        App = app;
        Admin = admin;
        Resolver = resolver;
        Plan = plan;
        Slots = slots;
        _oldColumns = oldColumns;
    }

    public App App { get; }

    public Api Admin { get; }

    public Api Resolver { get; }

    public JsonElement Plan { get; }

    /// <summary>All of them are in the plan, with a key to be made.</summary>
    public int Slots { get; }

    /// <param name="prepare">Before any process has touched the installation.</param>
    public static async Task<MovedFleet> CreateAsync(Databases provider, int agents, int batchSize, Action<App>? prepare = null)
    {
        var app = await App.CreateAsync(provider, ("Migration__BatchSize", $"{batchSize}"));
        try
        {
            prepare?.Invoke(app);
            if (provider.Variable is not null) (await app.CliAsync("db", "update")).Expect(0);
            var values = Enumerable.Range(0, Keys).Select(_ => Fresh.Value()).ToArray();
            var rows = Enumerable.Range(0, agents).Select(i => $"W{i % Workspaces},Agent {i:0000},e{i:0000},{values[i % Keys]},{(i % 4 == 0 ? values[(i + 1) % Keys] : "")},");
            (await app.ImportAsync([.. rows])).Expect(0);
            // Agents with references resolve to these as soon as they have them.
            (await app.CliAsync("rollout", "set", "references_with_fallback")).Expect(0);
            var (admin, resolver) = (await app.TokenAsync("admin"), await app.TokenAsync("resolver"));
            using var plan = JsonDocument.Parse((await app.CliAsync("migrate", "plan", "--json")).Expect(0).Output);
            var slots = plan.RootElement.Bucket("create").Slots;
            Assert.Equal(agents + (agents / 4), slots);
            await app.ServeAsync();
            return new MovedFleet(app, app.Client(admin), app.Client(resolver), plan.RootElement.Clone(), slots, await OldColumnsAsync(app));
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>As fifteen seconds after a kill: nobody renews the lease any more.</summary>
    public Task ExpireLeaseAsync() => App.Database.ExecuteAsync($"UPDATE migration_lease SET until = {new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc)} WHERE holder IS NOT NULL");

    public Task<int> DoneAsync(Guid run) => OneAsync($"SELECT done AS \"Value\" FROM migration_runs WHERE id = {run}");

    /// <summary>Every slot is linked to a key with the very value that its old column holds, once in the journal, and resolves to it.</summary>
    public async Task AssertMovedAsync(Guid run)
    {
        await AssertJournalAsync(run, 1);
        Assert.Equal(Slots, await OneAsync($"SELECT shadow_same AS \"Value\" FROM migration_runs WHERE id = {run}"));
        Assert.Equal(await OneAsync($"SELECT created AS \"Value\" FROM migration_runs WHERE id = {run}"), await OneAsync($"SELECT COUNT(*) AS \"Value\" FROM api_key_resources"));
        Assert.Equal(0, await OneAsync($"SELECT COUNT(*) AS \"Value\" FROM agents WHERE selected_tts_key_id IS NULL"));
        // Linked once: one batch wrote each agent, and nothing else did.
        Assert.Equal(0, await OneAsync($"SELECT COUNT(*) AS \"Value\" FROM agents WHERE version <> 2"));
        await AssertAnswersAsync("reference");
    }

    /// <summary>Every slot has again what it had, once in the journal.</summary>
    public async Task AssertMovedBackAsync(Guid rollback)
    {
        await AssertJournalAsync(rollback, 11);
        Assert.Equal(0, await OneAsync($"SELECT COUNT(*) AS \"Value\" FROM agents WHERE selected_tts_key_id IS NOT NULL OR selected_stt_key_id IS NOT NULL"));
        Assert.Equal(0, await OneAsync($"SELECT COUNT(*) AS \"Value\" FROM agents WHERE version <> 3"));
        await AssertAnswersAsync("legacy");
    }

    public async Task AssertOldColumnsUntouchedAsync() => Assert.Equal(_oldColumns, await OldColumnsAsync(App));

    public ValueTask DisposeAsync() => App.DisposeAsync();

    private async Task AssertJournalAsync(Guid run, int outcome)
    {
        var told = await Admin.RunAsync(run);
        Assert.Equal(("completed", Slots, Slots), (told.Text("state"), told.Number("total"), told.Number("done")));
        Assert.Equal((0, 0), (told.Number("skipped"), told.Number("failed")));
        Assert.Equal(Slots, await OneAsync($"SELECT COUNT(*) AS \"Value\" FROM migration_journal WHERE run_id = {run} AND outcome = {outcome}"));
        Assert.Equal(Slots, await OneAsync($"SELECT COUNT(*) AS \"Value\" FROM migration_journal WHERE run_id = {run}"));
        await AssertOldColumnsUntouchedAsync();
    }

    private async Task AssertAnswersAsync(string source)
    {
        foreach (var agent in await App.Database.QueryAsync<Guid>($"SELECT id AS \"Value\" FROM agents WHERE name LIKE 'Agent 0%1' ORDER BY name"))
        {
            if (agent.GetHashCode() % AskedOfResolver != 0) continue;
            var answer = await (await Resolver.ResolveAsync(agent)).ReadAsync();
            Assert.Equal((source, await App.Database.LegacyAsync(agent, "tts")), (answer.Text("source"), answer.Text("value")));
        }
    }

    private async Task<int> OneAsync(FormattableString sql) => Assert.Single(await App.Database.QueryAsync<int>(sql));

    private static async Task<string> OldColumnsAsync(App app) => string.Join('\n', await app.Database.QueryAsync<string>(
        $"SELECT name || ' ' || COALESCE(tts_key, '') || ' ' || COALESCE(stt_key, '') || ' ' || COALESCE(elevenlabs_key, '') AS \"Value\" FROM agents ORDER BY name"));
}
