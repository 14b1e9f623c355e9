using System.Diagnostics;
using System.Text.Json;
using KeyVaultApp.Domain;
using KeyVaultApp.KeyResolution;
using KeyVaultApp.LegacyKeys.Migration;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Benchmarks;

/// <summary>One size on one provider: what is measured in the run is compared with an UPDATE of the same run.</summary>
internal static class MigrationRun
{
    public const int DistinctKeys = 3 * KeysOfAKind;
    public const string SeedStep = "seed";
    public const string MigrateStep = "migrate";

    public const int Workspaces = 200;
    public const int OwnKeys = 8;
    public const int SharedKeys = 3;

    private const int KeysOfAKind = (Workspaces * OwnKeys) + AllShared;
    private const int AllShared = 67;
    private const int AskedFor = 997;
    private const double WorstPercent = 0.99;

    private static readonly TimeSpan BetweenAsking = TimeSpan.FromMilliseconds(10);

    private static readonly Actor By = Actor.CommandLine("benchmark");

    public static async Task<int> RunAsync(string step, string folder, int agents, string? postgreSql)
    {
        await using var installation = await Installation.OpenAsync(folder, postgreSql);
        if (step == SeedStep) await SeedAsync(installation, agents);
        else Console.WriteLine(JsonSerializer.Serialize(await MigrateAsync(installation, agents)));
        return 0;
    }

    /// <summary>
    /// Every tenth agent of a workspace holds one of the few keys that many workspaces hold, the others one of the workspace's own.
    /// There are as many keys in a small fleet as in a large one.
    /// </summary>
    private static async Task SeedAsync(Installation installation, int agents)
    {
        await installation.SeedAsync(Workspaces, agents, 1);
        const string number = "CAST(SUBSTR(external_id, 7) AS INTEGER)";
        var (workspace, nth) = ($"({number} % {Workspaces})", $"({number} / {Workspaces})");
        var key =
            $"""
            CASE WHEN {nth} % 10 = 0 THEN 'shared-' || CAST(({workspace} + ({nth} / 10 % {SharedKeys}) * 22) % {AllShared} AS VARCHAR(9))
            ELSE CAST({workspace} AS VARCHAR(9)) || '-' || CAST({nth} % {OwnKeys} AS VARCHAR(9)) END
            """;
        await installation.InDatabaseAsync(async db =>
        {
#pragma warning disable EF1002 // Numbers of our own.
            await db.Database.ExecuteSqlRawAsync($"UPDATE agents SET {string.Join(", ", KeyKinds.All.Select(kind => $"{kind.Word()}_key = 'key-for-{kind.Word()}-' || {key}"))}");
#pragma warning restore EF1002
            await db.Database.ExecuteSqlRawAsync("UPDATE rollout SET phase = 2");
            await db.Database.ExecuteSqlRawAsync("ANALYZE");
        });
    }

    private static async Task<MigrationResult> MigrateAsync(Installation installation, int agents)
    {
        var update = 0.0;
        await installation.InDatabaseAsync(async db => update = await UpdateAsync(db));
        await installation.ServeAsync();

        MakePlan.Answer? plan = null;
        var planned = await Measure.SecondsAsync(() => InScopeAsync(installation, async scope => plan = await scope.GetRequiredService<MakePlan>().RunAsync(new(null), By, CancellationToken.None)));

        using var done = new CancellationTokenSource();
        var asking = AskAsync(installation, done.Token);
        var run = await Measure.SecondsAsync(() => CarryOutAsync(installation, plan!, agents * KeyKinds.All.Count));
        await done.CancelAsync();
        var asked = await asking;
        asked.Sort();
        return new MigrationResult(agents, planned, run, update, Measure.PeakMegabytes(), asked[(int)(asked.Count * WorstPercent)], asked.Count);
    }

    /// <summary>What somebody would write whose keys are all made: the references of all agents in one statement. Then all of it is undone.</summary>
    private static async Task<double> UpdateAsync(KeyVaultDb db)
    {
        Task<int> ExecuteAsync(string sql) => db.Database.ExecuteSqlRawAsync(sql);
        var isEmbedded = db.Database.IsSqlite();
        await db.Database.OpenConnectionAsync();
        var newId = isEmbedded ? "UPPER(SUBSTR(HEX(RANDOMBLOB(16)), 1, 8) || '-0000-0000-0000-' || SUBSTR(HEX(RANDOMBLOB(16)), 1, 12))" : "gen_random_uuid()";
        await ExecuteAsync(
            $"""
            CREATE TEMPORARY TABLE known AS SELECT value, {newId} AS id
            FROM (SELECT tts_key AS value FROM agents UNION SELECT stt_key FROM agents UNION SELECT elevenlabs_key FROM agents) held
            """);
        await ExecuteAsync("CREATE UNIQUE INDEX known_value ON known (value)");
        await ExecuteAsync(
            """
            INSERT INTO api_key_resources (id, name, normalized_name, kind, status, current_version, fingerprint, version, created_at, updated_at)
            SELECT id, CAST(id AS VARCHAR(36)), CAST(id AS VARCHAR(36)), 1, 1, 1, '', 1, now.at, now.at FROM known CROSS JOIN (SELECT created_at AS at FROM workspaces LIMIT 1) now
            """);
        var seconds = await Measure.SecondsAsync(() => ExecuteAsync(
            """
            UPDATE agents SET
              selected_tts_key_id = (SELECT id FROM known WHERE value = agents.tts_key),
              selected_stt_key_id = (SELECT id FROM known WHERE value = agents.stt_key),
              selected_elevenlabs_key_id = (SELECT id FROM known WHERE value = agents.elevenlabs_key),
              version = version + 1
            """));
        await ExecuteAsync("UPDATE agents SET selected_tts_key_id = NULL, selected_stt_key_id = NULL, selected_elevenlabs_key_id = NULL");
        await ExecuteAsync("DELETE FROM api_key_resources");
        await ExecuteAsync("DROP TABLE known");
        await ExecuteAsync(isEmbedded ? "PRAGMA wal_checkpoint(TRUNCATE)" : "VACUUM ANALYZE agents");
        await db.Database.CloseConnectionAsync();
        return seconds;
    }

    private static async Task CarryOutAsync(Installation installation, MakePlan.Answer plan, int slots)
    {
        Guid id = default;
        await InScopeAsync(installation, async scope => id = await scope.GetRequiredService<StartRun>().RunAsync(new(plan.Id, plan.Hash), By, CancellationToken.None, here: true));
        await installation.Services.GetRequiredService<RunWorker>().RunAsync(id, CancellationToken.None);
        await InScopeAsync(installation, async scope =>
        {
            var run = await scope.GetRequiredService<GetRun>().RunAsync(id, CancellationToken.None);
            if (run.State != RunState.Completed || run.Linked != slots || run.Created != DistinctKeys) throw new InvalidOperationException($"The run is {run.State}, with {run.Linked} of {slots} slots linked and {run.Created} keys made. {run.Error}");
        });
    }

    /// <summary>A runtime that asks for one agent after the other, a hundred a second, and never gets no key.</summary>
    private static async Task<List<double>> AskAsync(Installation installation, CancellationToken done)
    {
        List<Guid> agents = [];
        await installation.InDatabaseAsync(async db => agents = await db.Agents.OrderBy(agent => agent.Id).Select(agent => agent.Id).Take(AskedFor).ToListAsync(CancellationToken.None));
        var took = new List<double>();
        using var timer = new PeriodicTimer(BetweenAsking);
        for (var i = 0; !done.IsCancellationRequested; i++)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
            var started = Stopwatch.GetTimestamp();
            await InScopeAsync(installation, async scope =>
            {
                var answer = await scope.GetRequiredService<KeyResolver>().ResolveAsync(new AgentAddress.ById(agents[i % agents.Count]), KeyKinds.All, By, CancellationToken.None);
                if (answer!.Slots.Values.Any(slot => slot.Answer is not Resolution.Found)) throw new InvalidOperationException("An agent got no key.");
            });
            took.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return took;
    }

    private static async Task InScopeAsync(Installation installation, Func<IServiceProvider, Task> work)
    {
        await using var scope = installation.Services.CreateAsyncScope();
        await work(scope.ServiceProvider);
    }
}
