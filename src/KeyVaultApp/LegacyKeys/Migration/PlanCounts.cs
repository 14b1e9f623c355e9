using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <param name="Groups">Legacy keys, each once for its workspace and kind.</param>
public sealed record BucketCount(int Slots, int Groups);

/// <summary>What is in the buckets of a plan.</summary>
public sealed record PlanCounts(BucketCount Link, BucketCount AssignAndLink, BucketCount Create, BucketCount NeedsDecision, BucketCount NothingToDo)
{
    public BucketCount Of(PlanBucket bucket) => bucket switch
    {
        PlanBucket.Link => Link,
        PlanBucket.AssignAndLink => AssignAndLink,
        PlanBucket.Create => Create,
        PlanBucket.NeedsDecision => NeedsDecision,
        _ => NothingToDo,
    };

    internal static async Task<PlanCounts> ReadAsync(KeyVaultDb db, Guid planId, CancellationToken ct)
    {
        var counted = await db.PlanGroups.Where(group => group.PlanId == planId)
            .GroupBy(group => group.Bucket, (bucket, groups) => new { Bucket = bucket, Slots = groups.Sum(group => group.Agents), Groups = groups.Count() })
            .ToDictionaryAsync(row => row.Bucket, row => new BucketCount(row.Slots, row.Groups), ct);
        BucketCount Of(PlanBucket bucket) => counted.GetValueOrDefault(bucket) ?? new BucketCount(0, 0);
        return new PlanCounts(Of(PlanBucket.Link), Of(PlanBucket.AssignAndLink), Of(PlanBucket.Create), Of(PlanBucket.NeedsDecision), Of(PlanBucket.NothingToDo));
    }
}
