using KeyVaultApp.Domain;
using KeyVaultApp.Web;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <param name="Plan">With what is in its buckets.</param>
public sealed record RunPage(
    GetRun.Answer Run, GetPlan.Answer Plan, Page<ListRunItems.Row>? Items, ListRunItems.Filter Filter, bool MayChange)
{
    public SlotOutcome Written => RunOutcomes.Written(Run.RollsBack);

    public bool CanRollBack => MayChange && Run is { HasEnded: true, RollsBack: null };
}

/// <summary>Gathers what the pages of runs show.</summary>
public sealed class RunPages(GetRun get, GetPlan getPlan, ListRunItems items)
{
    /// <summary>The plan whose start was refused.</summary>
    public async Task<GetPlan.Answer> StartAsync(Guid? planId, CancellationToken ct) =>
        await getPlan.RunAsync(planId ?? throw Refusal.NotFound("plan"), ct);

    public async Task<RunPage> RunAsync(Guid id, ListQuery list, ListRunItems.Filter filter, Actor actor, CancellationToken ct)
    {
        var run = await get.RunAsync(id, ct);
        // The whole journal only when somebody asks for a part of it.
        var shown = string.IsNullOrEmpty(filter.Outcome) ? null : await items.RunAsync(id, list, filter, ct);
        return new RunPage(run, await getPlan.RunAsync(run.PlanId, ct), shown, filter, actor.Role is Role.Admin or Role.Ops);
    }
}
