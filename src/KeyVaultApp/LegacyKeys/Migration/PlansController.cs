using KeyVaultApp.Domain;
using KeyVaultApp.Keys;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace KeyVaultApp.LegacyKeys.Migration;

[Route("migration/plans")]
public sealed class PlansController : PageController
{
    private const string ScopeAll = "all";

    [HttpGet("new")]
    [Authorize(Policy = Access.Migrate)]
    public async Task<IActionResult> NewAsync([FromServices] KeyVaultDb db, CancellationToken ct) =>
        View("NewPlan", new NewPlanPage(true, await db.WorkspacePickerAsync(Actor.Of(User), [], null, ct)));

    [HttpPost("new")]
    [Authorize(Policy = Access.Migrate)]
    public Task<IActionResult> MakeAsync(
        [FromForm] MakePlan.Form form, [FromForm] string? scope, [FromForm(Name = WorkspacePicker.TypedField)] string? more,
        [FromServices] MakePlan slice, [FromServices] KeyVaultDb db, CancellationToken ct) => SaveAsync(
        async () =>
        {
            var workspaces = scope == ScopeAll ? null : await db.WithTypedAsync(form.WorkspaceIds, more, ct) ?? throw KeyLookup.UnknownWorkspace();
            var made = await slice.RunAsync(new MakePlan.Form(workspaces), Actor.Of(User), ct);
            return Done("The plan is made. Nothing else was written.", $"/migration/plans/{made.Id}");
        },
        async () => View("NewPlan", new NewPlanPage(
            scope == ScopeAll, await db.WorkspacePickerAsync(Actor.Of(User), (form.WorkspaceIds ?? []).Select(id => id.ToString()), more, ct))));

    [HttpGet("{id:guid}")]
    [Authorize(Policy = Access.Oversee)]
    public Task<IActionResult> PlanAsync(
        Guid id, [FromQuery] ListQuery list, [FromQuery] ListItems.Filter filter, [FromServices] GetPlan get, [FromServices] ListItems items, [FromServices] KeyVaultDb db, CancellationToken ct) =>
        PageAsync(id, list, filter, get, items, db, ct);

    [HttpPost("{id:guid}/decisions")]
    [Authorize(Policy = Access.Administer)]
    public Task<IActionResult> DecideTickedAsync(
        Guid id, [FromForm] DecideTicked.Form form, [FromQuery] ListQuery list, [FromQuery] ListItems.Filter filter, [FromServices] DecideTicked slice,
        [FromServices] GetPlan get, [FromServices] ListItems items, [FromServices] KeyVaultDb db, CancellationToken ct) => SaveAsync(
        async () => Done($"Decided about {Count.Of(await slice.RunAsync(id, form, Actor.Of(User), ct), "key")}.", $"/migration/plans/{id}{Request.QueryString}"),
        () => PageAsync(id, list, filter, get, items, db, ct));

    [HttpGet("{id:guid}/items/{number:int}")]
    [Authorize(Policy = Access.Oversee)]
    public async Task<IActionResult> ItemAsync(Guid id, int number, [FromQuery] ListQuery list, [FromServices] ReadItem read, CancellationToken ct) =>
        View("Item", await read.RunAsync(id, number, list, null, Actor.Of(User), ct));

    [HttpPost("{id:guid}/items/{number:int}")]
    [Authorize(Policy = Access.Administer)]
    public Task<IActionResult> DecideAsync(
        Guid id, int number, [FromForm] DecidePlan.Form form, [FromServices] DecidePlan slice, [FromServices] ReadItem read, CancellationToken ct)
    {
        // A form sends all of its fields; those of the actions that were not chosen say nothing.
        var decision = form.Decisions is [{ } typed, ..] ? typed with
        {
            KeyId = typed.Action == PlanAction.Link ? typed.KeyId : null,
            Name = typed.Action == PlanAction.Create ? typed.Name.NullIfBlank() : null,
        } : null;
        return SaveAsync(
            async () =>
            {
                await slice.RunAsync(id, form with { Decisions = decision is null ? [] : [decision] }, Actor.Of(User), ct);
                return Done("The decision is saved, and the plan has a new hash.", $"/migration/plans/{id}/items/{number}");
            },
            async () => View("Item", await read.RunAsync(id, number, new ListQuery(), form.Decisions is [{ } again, ..] ? again : null, Actor.Of(User), ct)));
    }

    private async Task<IActionResult> PageAsync(Guid id, ListQuery list, ListItems.Filter filter, GetPlan get, ListItems items, KeyVaultDb db, CancellationToken ct)
    {
        var actor = Actor.Of(User);
        var plan = await get.RunAsync(id, ct);
        return View("Plan", new PlanPage(
            plan, await items.RunAsync(id, list, filter, ct), list, filter,
            await db.WorkspaceChoicesAsync(actor, Fields.Id(filter.WorkspaceId, "workspace_id"), ct), actor.Role is Role.Admin && !plan.HasRun));
    }
}
