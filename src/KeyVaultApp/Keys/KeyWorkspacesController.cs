using KeyVaultApp.Domain;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace KeyVaultApp.Keys;

/// <summary>Says in which workspaces a key may be used: tick, review, apply.</summary>
[Route("/keys/{id:guid}/workspaces")]
[Authorize(Policy = Access.Administer)]
public sealed class KeyWorkspacesController : PageController
{
    [HttpGet("")]
    public async Task<IActionResult> Workspaces(
        Guid id, [FromQuery] ListQuery list, [FromQuery] WorkspacesOfKey.Filter filter,
        [FromServices] GetKey get, [FromServices] WorkspacesOfKey workspaces, CancellationToken ct) =>
        View(new KeyWorkspacesPage(await get.RunAsync(id, ct), await workspaces.RunAsync(id, list, filter, ct), list, filter));

    [HttpPost("")]
    public async Task<IActionResult> Review(
        Guid id, [FromForm] ReviewAssignments.Form form, [FromServices] GetKey get, [FromServices] ReviewAssignments review, CancellationToken ct)
    {
        var key = await get.RunAsync(id, ct);
        return ReviewPage(key, form, await review.OfKeyAsync(key, form, ct));
    }

    [HttpPost("apply")]
    public Task<IActionResult> Apply(
        Guid id, [FromForm] ReviewAssignments.Form form, [FromServices] AssignKey assign,
        [FromServices] GetKey get, [FromServices] ReviewAssignments review, CancellationToken ct) =>
        SaveAsync(
            async () =>
            {
                var change = await review.OfKeyAsync(await get.RunAsync(id, ct), form, ct);
                await assign.RunAsync(id, new AssignKey.Form(change.Wanted, form.Version), Actor.Of(User), ct);
                return Done($"Workspaces saved: {change.Added.Count} added, {change.Removed.Count} removed.", $"/keys/{id}");
            },
            async () =>
            {
                var key = await get.RunAsync(id, ct);
                // A stale version: the review is of what is there now, so that applying it once more is an informed choice.
                return ReviewPage(key, form with { Version = key.Version }, await review.OfKeyAsync(key, form, ct));
            });

    private ViewResult ReviewPage(KeyRow key, ReviewAssignments.Form form, ReviewAssignments.Answer review) => View("Review", new ReviewPage(
        $"Workspaces of {key.Name}", ("workspace", "workspaces"), $"/keys/{key.Id}/workspaces", $"/keys/{key.Id}/workspaces/apply", form, review));
}
