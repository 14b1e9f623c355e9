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

    private const int KeysOfAKind = 1667;
    private const int Workspaces = 200;
    private const int AskedFor = 997;
    private const double WorstPercent = 0.99;

    private static readonly Actor By = Actor.CommandLine("benchmark");

    public static async Task<int> RunAsync(string step, string folder, int agents, string? postgreSql)
    {
        await using var installation = await Installation.OpenAsync(folder, postgreSql);
        if (step == SeedStep) await SeedAsync(installation, agents);
        else Console.WriteLine(JsonSerializer.Serialize(await MigrateAsync(installation, agents)));
        return 0;
    }

    /// <summary>Values that are held by agents of many workspaces.</summary>
    private static async Task SeedAsync(Installation installation, int agents)
    {
        await installation.SeedAsync(Workspaces, agents, 1);
        await installation.InDatabaseAsync(async db =>
        {
            await db.Database.ExecuteSqlAsync(
                $"""
                UPDATE agents SET
                  tts_key = 'sk-for-tts-' || CAST(CAST(SUBSTR(external_id, 7) AS INTEGER) % {KeysOfAKind} AS VARCHAR(9)),
                  stt_key = 'sk-for-stt-' || CAST(CAST(SUBSTR(external_id, 7) AS INTEGER) % {KeysOfAKind} AS VARCHAR(9)),
                  elevenlabs_key = 'sk-for-elevenlabs-' || CAST(CAST(SUBSTR(external_id, 7) AS INTEGER) % {KeysOfAKind} AS VARCHAR(9))
                """);
            await db.Database.ExecuteSqlRawAsync("UPDATE rollout SET phase = 2");
            await db.Database.ExecuteSqlRawAsync("ANALYZE");
        });
    }

    private static async Task<MigrationResult> MigrateAsync(Installation installation, int agents)
    {
        var update = 0.0;
        await installation.InDatabaseAsync(async db => update = await UpdateAsync(db));

        MakePlan.Answer? plan = null;
        var planned = await Measure.SecondsAsync(() => InScopeAsync(installation, async scope => plan = await scope.GetRequiredService<MakePlan>().RunAsync(new(null), By, CancellationToken.None)));

        using var done = new CancellationTokenSource();
        var asking = AskAsync(installation, done.Token);
        var run = await Measure.SecondsAsync(() => CarryOutAsync(installation, plan!));
        await done.CancelAsync();
        var asked = await asking;
        asked.Sort();
        return new MigrationResult(agents, planned, run, update, Measure.PeakMegabytes(), asked[(int)(asked.Count * WorstPercent)], asked.Count);
    }

    /// <summary>What somebody would write who knows every key already: the references of all agents in one statement, then undone.</summary>
    private static async Task<double> UpdateAsync(KeyVaultDb db)
    {
        await db.Database.OpenConnectionAsync();
        // Any id will do that takes the room of a key's; nothing looks whether it is one's.
        await db.Database.ExecuteSqlRawAsync(
            """
            CREATE TEMPORARY TABLE known AS SELECT value, (SELECT id FROM workspaces ORDER BY id LIMIT 1) AS id
            FROM (SELECT tts_key AS value FROM agents UNION SELECT stt_key FROM agents UNION SELECT elevenlabs_key FROM agents) held
            """);
        await db.Database.ExecuteSqlRawAsync("CREATE UNIQUE INDEX known_value ON known (value)");
        await db.Database.ExecuteSqlRawAsync(db.Database.IsSqlite() ? "PRAGMA foreign_keys = OFF" : "SET session_replication_role = replica");
        var seconds = await Measure.SecondsAsync(() => db.Database.ExecuteSqlRawAsync(
            """
            UPDATE agents SET
              selected_tts_key_id = (SELECT id FROM known WHERE value = agents.tts_key),
              selected_stt_key_id = (SELECT id FROM known WHERE value = agents.stt_key),
              selected_elevenlabs_key_id = (SELECT id FROM known WHERE value = agents.elevenlabs_key),
              version = version + 1
            """));
        await db.Database.ExecuteSqlRawAsync("UPDATE agents SET selected_tts_key_id = NULL, selected_stt_key_id = NULL, selected_elevenlabs_key_id = NULL");
        await db.Database.ExecuteSqlRawAsync(db.Database.IsSqlite() ? "PRAGMA foreign_keys = ON" : "SET session_replication_role = DEFAULT");
        await db.Database.ExecuteSqlRawAsync("DROP TABLE known");
        await db.Database.ExecuteSqlRawAsync(db.Database.IsSqlite() ? "PRAGMA wal_checkpoint(TRUNCATE)" : "VACUUM ANALYZE agents");
        await db.Database.CloseConnectionAsync();
        return seconds;
    }

    private static async Task CarryOutAsync(Installation installation, MakePlan.Answer plan)
    {
        Guid id = default;
        await InScopeAsync(installation, async scope => id = await scope.GetRequiredService<StartRun>().RunAsync(new(plan.Id, plan.Hash), By, CancellationToken.None, here: true));
        await installation.Services.GetRequiredService<RunWorker>().RunAsync(id, CancellationToken.None);
        await InScopeAsync(installation, async scope =>
        {
            var run = await scope.GetRequiredService<GetRun>().RunAsync(id, CancellationToken.None);
            if (run.State != RunState.Completed || run.Linked != run.Total) throw new InvalidOperationException($"The run is {run.State}, with {run.Linked} of {run.Total} slots linked. {run.Error}");
        });
    }

    /// <summary>A runtime that asks for one agent after the other, and never gets no key.</summary>
    private static async Task<List<double>> AskAsync(Installation installation, CancellationToken done)
    {
        List<Guid> agents = [];
        await installation.InDatabaseAsync(async db => agents = await db.Agents.OrderBy(agent => agent.Id).Select(agent => agent.Id).Take(AskedFor).ToListAsync(CancellationToken.None));
        var took = new List<double>();
        await Task.Yield();
        for (var i = 0; !done.IsCancellationRequested; i++)
        {
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
