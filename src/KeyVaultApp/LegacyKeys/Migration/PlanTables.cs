using KeyVaultApp.Domain;
using KeyVaultApp.Storage;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>Writes the two long tables of a plan as fast as the provider can.</summary>
internal static class PlanTables
{
    private static readonly BulkColumn[] AgentColumns =
    [
        new("plan_id", BulkType.Id),
        new("agent_id", BulkType.Id),
        new("tts_group", BulkType.SmallNumber),
        new("stt_group", BulkType.SmallNumber),
        new("elevenlabs_group", BulkType.SmallNumber),
    ];

    private static readonly BulkColumn[] GroupColumns =
    [
        new("plan_id", BulkType.Id),
        new("number", BulkType.SmallNumber),
        new("workspace_id", BulkType.Id),
        new("workspace_name", BulkType.Text),
        new("kind", BulkType.SmallNumber),
        new("fingerprint", BulkType.Text),
        new("last4", BulkType.Text),
        new("agents", BulkType.SmallNumber),
        new("bucket", BulkType.SmallNumber),
        new("problem", BulkType.SmallNumber),
        new("findings", BulkType.SmallNumber),
        new("action", BulkType.SmallNumber),
        new("key_id", BulkType.Id),
        new("key_name", BulkType.Text),
        new("is_decided", BulkType.Flag),
    ];

    public static Task InsertAsync(this KeyVaultDb db, IEnumerable<PlanAgent> agents, CancellationToken ct) => db.BulkInsertAsync(
        "migration_plan_agents",
        AgentColumns,
        agents.Select(agent => new object?[] { agent.PlanId, agent.AgentId, agent.TtsGroup, agent.SttGroup, agent.ElevenlabsGroup }).ToAsyncEnumerable(),
        ct);

    public static Task InsertAsync(this KeyVaultDb db, IEnumerable<PlanGroup> groups, CancellationToken ct) => db.BulkInsertAsync(
        "migration_plan_groups",
        GroupColumns,
        groups.Select(Values).ToAsyncEnumerable(),
        ct);

    private static object?[] Values(PlanGroup group) =>
    [
        group.PlanId,
        group.Number,
        group.WorkspaceId,
        group.WorkspaceName,
        (int)group.Kind,
        group.Fingerprint,
        group.Last4,
        group.Agents,
        (int)group.Bucket,
        (int?)group.Problem,
        (int)group.Findings,
        (int?)group.Action,
        group.KeyId,
        group.KeyName,
        group.IsDecided,
    ];
}
