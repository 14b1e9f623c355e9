using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>The runs there are, roll-backs among them, newest first.</summary>
public sealed class ListRuns(KeyVaultDb db, RunOutcomes outcomes)
{
    private static readonly Sorting<MigrationRun> Sorting = new("-created_at", ("created_at", run => run.CreatedAt));

    public async Task<Page<GetRun.Answer>> RunAsync(ListQuery list, CancellationToken ct, Guid? planId = null)
    {
        var runs = db.MigrationRuns.AsNoTracking();
        if (planId is not null) runs = runs.Where(run => run.PlanId == planId);
        var page = await Sorting.Apply(runs, list.Sort, run => run.Id).ToPageAsync(list, ct);
        var lease = await db.MigrationLease.AsNoTracking().SingleAsync(ct);
        var found = await outcomes.OfAsync(page.Items, ct);
        return new Page<GetRun.Answer>([.. page.Items.Select(run => GetRun.Of(run, lease.RunId == run.Id ? lease.Holder : null, found.GetValueOrDefault(run.Id)))], page.Total, page.Number, page.PageSize);
    }
}
