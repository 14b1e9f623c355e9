using System.Text.Json;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.LegacyKeys.Migration;

/// <summary>A plan for a whole installation of some size, which therefore is one of its own: nothing else is written.</summary>
public abstract class WholePlanTests(SharedApp shared) : AppTests(shared)
{
    private const int Agents = 12_000;
    private const int Workspaces = 30;
    private const int Keys = 600;

    [Fact]
    public async Task Plan_of_many_agents_says_what_is_there_and_writes_nothing_else()
    {
        // Six keys in ten are held in one workspace alone, and the first has a key already.
        var values = Enumerable.Range(0, Keys).Select(_ => Fresh.Value()).ToArray();
        var rows = Enumerable.Range(0, Agents).Select(i => $"W{Workspace(i):00},Agent {i},e{i},{values[i % Keys]},{(i % 3 == 0 ? values[0] : "")},");
        Read(await App.ImportAsync([.. rows]));
        var workspace = (await Admin.ReadAsync("/api/v1/workspaces?search=W00")).Items().Single().Id();
        await Admin.AddKeyToAsync(workspace, "tts", values[0]);
        var state = await StateAsync();
        var plans = await PlansAsync();

        var plan = Read(await App.CliAsync("migrate", "plan", "--json"));

        Assert.Equal(state, await StateAsync());
        Assert.Equal(plans + 1, await PlansAsync());
        var slots = Buckets.Sum(bucket => plan.Bucket(bucket).Slots);
        Assert.Equal(Agents + (Agents / 3), slots);
        Assert.Equal(1, plan.Bucket("link").Groups);
        Assert.Equal(Agents / Keys, plan.Bucket("link").Slots + plan.Bucket("assign_and_link").Slots);
        Assert.Equal(Keys, (await Admin.PlanAsync(plan)).GetProperty("new_keys").GetInt32());
        Assert.Equal(Agents, Assert.Single(await App.Database.QueryAsync<int>($"SELECT COUNT(*) AS \"Value\" FROM migration_plan_agents WHERE plan_id = {plan.Id()}")));
    }

    private static readonly string[] Buckets = ["link", "assign_and_link", "create", "needs_decision", "nothing_to_do"];

    private static int Workspace(int agent) => agent % Keys % 10 < 6 ? agent % Workspaces : agent / Keys % Workspaces;

    private static JsonElement Read(CliResult said)
    {
        using var json = JsonDocument.Parse(said.Expect(0).Output);
        return json.RootElement.Clone();
    }

    /// <summary>Everything but the activity log, which tells that the plan was made.</summary>
    private async Task<string> StateAsync() => string.Join('\n', (await App.Database.StateAsync()).Split('\n').Where(line => !line.StartsWith("activity ", StringComparison.Ordinal)));

    private async Task<int> PlansAsync() => Assert.Single(await App.Database.QueryAsync<int>($"SELECT COUNT(*) AS \"Value\" FROM migration_plans"));

    public sealed class OnSqlite(SqliteApp app) : WholePlanTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgreSql(PostgreSqlApp app) : WholePlanTests(app), IClassFixture<PostgreSqlApp>;

    public sealed class OnSqlServer(SqlServerApp app) : WholePlanTests(app), IClassFixture<SqlServerApp>;
}
