using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>An item of a plan with its agents, and what can be decided about it.</summary>
public sealed class ReadItem(KeyVaultDb db, GetPlan plans, ListItems items, ListItemAgents agents, LinkableKeys keys)
{
    public async Task<ItemPage> RunAsync(Guid planId, int number, ListQuery list, Decision? typed, Actor actor, CancellationToken ct)
    {
        var plan = await plans.RunAsync(planId, ct);
        var item = await items.OneAsync(planId, number, ct);
        var mayDecide = actor.Role is Role.Admin && !plan.HasRun && item.Bucket != PlanBucket.NothingToDo;
        var sameKey = await db.PlanGroups.CountAsync(
            group => group.PlanId == planId && group.Kind == item.Kind && group.Fingerprint == item.Fingerprint && group.Bucket != PlanBucket.NothingToDo, ct);
        return new ItemPage(
            plan, item, await agents.RunAsync(planId, number, list, ct), mayDecide ? await keys.RunAsync(item, ct) : [], sameKey, typed, mayDecide);
    }
}
