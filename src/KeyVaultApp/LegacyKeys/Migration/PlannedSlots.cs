using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>What the plan wants for some groups of slots, and whether the KeyResource it comes down to can be used there now.</summary>
public sealed class PlannedSlots(KeyVaultDb db, TimeProvider clock)
{
    public sealed record Wanted(PlanGroup Plan, bool IsMade, Guid? KeyId);

    /// <param name="IsMade">Whether this run has made the group's KeyResource, or found that it cannot be made.</param>
    /// <param name="KeyId">The KeyResource to link to; null where it is still to be made, or cannot be.</param>
    /// <param name="KeyFingerprint">Of its current value.</param>
    public sealed record Group(
        int Number, Guid WorkspaceId, KeyKind Kind, string Fingerprint, PlanAction Action, bool IsDecided, string? KeyName, bool IsMade, Guid? KeyId, bool IsUsable, string? KeyFingerprint)
    {
        /// <summary>What a person decided goes; what was proposed holds only while the key is what the agents hold.</summary>
        public bool Fits(Secret value) =>
            IsUsable && ((IsDecided && Action == PlanAction.Link) || KeyFingerprint == Fingerprint || value.AsKeyId == KeyId);
    }

    /// <summary>The groups among these that a run handles.</summary>
    public async Task<List<Wanted>> FindAsync(MigrationRun run, int[] numbers, RunMemory memory, CancellationToken ct)
    {
        if (memory.Missing(numbers) is { Length: > 0 } missing) await ReadAsync(run, missing, memory, ct);
        return [.. numbers.Select(memory.Group).OfType<PlanGroup>().Select(plan =>
            plan.Action == PlanAction.Create ? new Wanted(plan, memory.IsMade(plan, out var keyId), keyId) : new Wanted(plan, false, plan.KeyId))];
    }

    /// <summary>Their keys are kept as they are until the end of the transaction.</summary>
    public async Task<Dictionary<int, Group>> HoldAsync(List<Wanted> groups, RunMemory memory, CancellationToken ct)
    {
        Guid[] keyIds = [.. groups.Select(group => group.KeyId).OfType<Guid>().Distinct()];
        await db.HoldRowsAsync("api_key_resources", keyIds, isShared: true, ct);
        await ReadChangedAsync(groups, keyIds, memory, ct);
        var now = clock.GetUtcNow();
        return groups.ToDictionary(group => group.Plan.Number, Group (wanted) =>
        {
            var (plan, key) = (wanted.Plan, wanted.KeyId is null ? null : memory.Key(wanted.Plan.Number));
            return new(
                plan.Number, plan.WorkspaceId, plan.Kind, plan.Fingerprint, plan.Action!.Value, plan.IsDecided, plan.KeyName, wanted.IsMade, wanted.KeyId,
                key is not null && key.WhyNot(plan.Kind, now) is null, key?.Fingerprint);
        });
    }

    /// <summary>Whatever changes whether a key may be used, where it is assigned included, changes its version: only where that is another is a key read again.</summary>
    private async Task ReadChangedAsync(List<Wanted> groups, Guid[] keyIds, RunMemory memory, CancellationToken ct)
    {
        var versions = await db.Keys.Where(key => EF.Parameter(keyIds).Contains(key.Id)).Select(key => new { key.Id, key.Version }).ToDictionaryAsync(key => key.Id, key => key.Version, ct);
        var changed = new List<(PlanGroup Plan, Guid KeyId, int? Version)>();
        foreach (var (plan, _, keyId) in groups)
        {
            if (keyId is not { } id) continue;
            var version = versions.TryGetValue(id, out var found) ? found : (int?)null;
            if (!memory.KnowsKey(plan.Number, id, version)) changed.Add((plan, id, version));
        }

        var keys = await NamedKeys.LoadAsync(db, [.. changed.Select(group => group.KeyId).Distinct()], [.. changed.Select(group => group.Plan.WorkspaceId).Distinct()], ct);
        foreach (var (plan, keyId, version) in changed) memory.AddKey(plan.Number, keyId, version, keys.Find(keyId, plan.WorkspaceId));
    }

    private async Task ReadAsync(MigrationRun run, int[] numbers, RunMemory memory, CancellationToken ct)
    {
        var groups = await (
            from plan in db.PlanGroups.AsNoTracking()
            where plan.PlanId == run.PlanId && EF.Parameter(numbers).Contains(plan.Number) && (plan.Action == PlanAction.Link || plan.Action == PlanAction.Create)
            // The run stands in the condition, not in a query of its own: so each group is a look-up in the primary key.
            join made in db.RunKeys on new { RunId = run.Id, plan.Kind, plan.Fingerprint } equals new { made.RunId, made.Kind, made.Fingerprint } into all
            from made in all.DefaultIfEmpty()
            select new { Plan = plan, Made = made }).ToListAsync(ct);
        foreach (var number in numbers) memory.Add(number, null);
        foreach (var group in groups)
        {
            memory.Add(group.Plan.Number, group.Plan);
            if (group.Made is { } made) memory.AddMade((made.Kind, made.Fingerprint), made.KeyId);
        }
    }
}
