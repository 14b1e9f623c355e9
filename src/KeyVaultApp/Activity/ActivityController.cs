using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace KeyVaultApp.Activity;

[Route("activity")]
[Authorize(Policy = Access.Oversee)]
public sealed class ActivityController : PageController
{
    [HttpGet("")]
    public async Task<IActionResult> IndexAsync(
        [FromQuery] ListQuery list, [FromQuery] ListActivity.Filter filter, [FromServices] ListActivity slice, [FromServices] StandingTargets targets, [FromServices] KeyVaultDb db, CancellationToken ct)
    {
        var entries = await slice.RunAsync(list, filter, ct);
        return View("Index", new ActivityPage(
            entries, list, filter, await targets.OfAsync(entries.Items, ct),
            await db.WorkspaceChoicesAsync(Actor.Of(User), Fields.Id(filter.WorkspaceId, "workspace_id"), ct)));
    }

    [HttpGet("export")]
    public Task ExportAsync([FromQuery] ListQuery list, [FromQuery] ListActivity.Filter filter, [FromServices] ExportActivity slice, CancellationToken ct) =>
        Csv.SendAsync(Response, "activity.csv", slice.RunAsync(list, filter, ct), ct);
}

/// <summary>What the activity page shows.</summary>
/// <param name="Standing">The targets that still have a page.</param>
public sealed record ActivityPage(
    Page<ListActivity.Row> Entries, ListQuery List, ListActivity.Filter Filter, IReadOnlySet<Guid> Standing, IReadOnlyList<WorkspaceChoice> Workspaces)
{
    public bool IsFiltered => List.Needle is not null || Filter != new ListActivity.Filter();
}
