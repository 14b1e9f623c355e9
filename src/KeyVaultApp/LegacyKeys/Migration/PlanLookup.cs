using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

internal static class PlanLookup
{
    private const int ShownOfHash = 12;

    public static Target TargetOf(MigrationPlan plan) => new("plan", plan.Id, $"plan {ShortHash(plan.Hash)}");

    /// <summary>As many digits as tell plans apart at a glance.</summary>
    public static string ShortHash(string hash) => hash[..ShownOfHash];

    public static async Task RequirePlanAsync(this KeyVaultDb db, Guid id, CancellationToken ct)
    {
        if (!await db.MigrationPlans.AnyAsync(plan => plan.Id == id, ct)) throw Refusal.NotFound("plan");
    }

    /// <summary>
    /// Keeps everybody else from deciding about the plan, or running it, until the caller's transaction ends. Whoever starts
    /// a run takes it too, and reads the hash behind it.
    /// </summary>
    public static async Task LockPlanAsync(this KeyVaultDb db, Guid id, CancellationToken ct)
    {
        var found = await db.MigrationPlans.Where(plan => plan.Id == id).ExecuteUpdateAsync(set => set.SetProperty(plan => plan.Version, plan => plan.Version), ct);
        if (found == 0) throw Refusal.NotFound("plan");
    }

    public static Refusal Stale() => Refusal.Conflict("plan_changed", "Somebody decided about this plan meanwhile, so it is another one now. Look at it again, and repeat this.");
}
