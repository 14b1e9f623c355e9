using KeyVaultApp.Domain;
using KeyVaultApp.Rollout;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace KeyVaultApp.LegacyKeys.Backfills;

/// <param name="Workspace">Null for the installation.</param>
public sealed record BackfillPage(ListPhases.Row? Workspace, RunBackfill.Answer Preview);

public sealed record BackfillsPage(Page<ListBackfills.Row> Backfills, bool MayUndo);

[Route("rollout")]
public sealed class BackfillsController : PageController
{
    [HttpGet("backfill")]
    [Authorize(Policy = Access.Oversee)]
    public async Task<IActionResult> NewAsync(
        [FromQuery(Name = "workspace_id")] string? workspace, [FromServices] RunBackfill slice, [FromServices] ListPhases list, CancellationToken ct) =>
        View("New", await PreviewAsync(Fields.Id(workspace, "workspace_id"), slice, list, ct));

    [HttpPost("backfill")]
    [Authorize(Policy = Access.Administer)]
    public Task<IActionResult> RunAsync(
        [FromForm(Name = "workspace_id")] Guid? workspaceId, [FromServices] RunBackfill slice, [FromServices] ListPhases list, CancellationToken ct) => SaveAsync(
        async () =>
        {
            var done = await slice.RunAsync(new RunBackfill.Form(workspaceId, DryRun: null), Actor.Of(User), ct);
            return Done($"{Count.Of(done.Slots, "old column")} written, of {Count.Of(done.Agents, "agent")}.", "/rollout/backfills");
        },
        async () => View("New", await PreviewAsync(workspaceId, slice, list, ct)));

    [HttpGet("backfills")]
    [Authorize(Policy = Access.Oversee)]
    public async Task<IActionResult> IndexAsync([FromQuery] ListQuery list, [FromServices] ListBackfills slice, CancellationToken ct) =>
        View("Index", new BackfillsPage(await slice.RunAsync(list, ct), Actor.Of(User).Role == Role.Admin));

    [HttpGet("backfills/{id:guid}/undo")]
    [Authorize(Policy = Access.Administer)]
    public async Task<IActionResult> UndoAsync(Guid id, [FromServices] ListBackfills list, CancellationToken ct) => View("Undo", await list.OneAsync(id, ct));

    [HttpPost("backfills/{id:guid}/undo")]
    [Authorize(Policy = Access.Administer)]
    public Task<IActionResult> UndoAsync(Guid id, [FromForm] UndoBackfill.Form form, [FromServices] UndoBackfill slice, [FromServices] ListBackfills list, CancellationToken ct) => SaveAsync(
        async () =>
        {
            var done = await slice.RunAsync(id, form, Actor.Of(User), ct);
            return Done($"{Count.Of(done.Restored, "old column")} restored; {done.Edited:N0} edited since and left alone.", "/rollout/backfills");
        },
        async () => View("Undo", await list.OneAsync(id, ct)));

    private async Task<BackfillPage> PreviewAsync(Guid? workspaceId, RunBackfill slice, ListPhases list, CancellationToken ct) => new(
        workspaceId is { } id ? await list.OneAsync(id, ct) : null,
        await slice.RunAsync(new RunBackfill.Form(workspaceId, DryRun: true), Actor.Of(User), ct));
}
