using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>What the plan wants for some groups of slots, and whether the KeyResource it comes down to can be used there now.</summary>
public sealed class PlannedSlots(KeyVaultDb db, TimeProvider clock)
{
    /// <param name="IsMade">Whether this run has made the group's KeyResource, or found that it cannot be made.</param>
    /// <param name="KeyId">The KeyResource to link to; null where it is still to be made, or cannot be.</param>
    /// <param name="KeyFingerprint">Of its current value.</param>
    public sealed record Group(
        int Number, KeyKind Kind, string Fingerprint, PlanAction Action, bool IsDecided, string? KeyName, bool IsMade, Guid? KeyId, bool IsUsable, string? KeyFingerprint)
    {
        /// <summary>What a person decided goes; what was proposed holds only while the key is what the agents hold.</summary>
        public bool Fits(Secret value) =>
            IsUsable && ((IsDecided && Action == PlanAction.Link) || KeyFingerprint == Fingerprint || value.AsKeyId == KeyId);
    }

    /// <summary>The workspaces of those groups among these that a run handles.</summary>
    public Task<Guid[]> WorkspacesAsync(MigrationRun run, int[] numbers, CancellationToken ct) =>
        Wanted(run, numbers).Select(group => group.Plan.WorkspaceId).Distinct().ToArrayAsync(ct);

    /// <summary>The groups among these that a run handles. Their keys are kept as they are until the end of the transaction.</summary>
    public async Task<Dictionary<int, Group>> HoldAsync(MigrationRun run, int[] numbers, CancellationToken ct)
    {
        var groups = Wanted(run, numbers);
        var keyIds = await groups.Where(group => group.KeyId != null).Select(group => group.KeyId!.Value).Distinct().ToArrayAsync(ct);
        await db.HoldRowsAsync("api_key_resources", keyIds, isShared: true, ct);

        var now = clock.GetUtcNow();
        return await (
            from wanted in groups
            join key in db.Keys on wanted.KeyId equals (Guid?)key.Id into keys
            from key in keys.DefaultIfEmpty()
            select new Group(
                wanted.Plan.Number, wanted.Plan.Kind, wanted.Plan.Fingerprint, wanted.Plan.Action!.Value, wanted.Plan.IsDecided, wanted.Plan.KeyName, wanted.IsMade, wanted.KeyId,
                key != null && key.Kind == wanted.Plan.Kind && key.Status == KeyStatus.Active && (key.ExpiresAt == null || key.ExpiresAt > now)
                    && db.KeyAssignments.Any(assignment => assignment.KeyId == key.Id && assignment.WorkspaceId == wanted.Plan.WorkspaceId),
                key!.Fingerprint)).ToDictionaryAsync(group => group.Number, ct);
    }

    private sealed class WantedGroup
    {
        public required PlanGroup Plan { get; init; }
        public bool IsMade { get; init; }
        public Guid? KeyId { get; init; }
    }

    private IQueryable<WantedGroup> Wanted(MigrationRun run, int[] numbers) =>
        from plan in db.PlanGroups
        where plan.PlanId == run.PlanId && EF.Parameter(numbers).Contains(plan.Number) && (plan.Action == PlanAction.Link || plan.Action == PlanAction.Create)
        // The run stands in the condition, not in a query of its own: so each group is a look-up in the primary key.
        join made in db.RunKeys on new { RunId = run.Id, plan.Kind, plan.Fingerprint } equals new { made.RunId, made.Kind, made.Fingerprint } into all
        from made in all.DefaultIfEmpty()
        select new WantedGroup
        {
            Plan = plan,
            IsMade = plan.Action == PlanAction.Create && made != null,
            KeyId = plan.Action == PlanAction.Create ? made!.KeyId : plan.KeyId,
        };
}
