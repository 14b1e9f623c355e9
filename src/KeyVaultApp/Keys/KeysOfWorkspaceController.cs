using KeyVaultApp.Domain;
using KeyVaultApp.Web;
using KeyVaultApp.Workspaces;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace KeyVaultApp.Keys;

/// <summary>A workspace with the keys that may be used in it: tick, review, apply. It stands here because workspaces do not know keys.</summary>
[Route("/workspaces/{id:guid}")]
public sealed class KeysOfWorkspaceController : PageController
{
    [HttpGet("")]
    [Authorize(Policy = Access.ReadWorkspaces)]
    public async Task<IActionResult> OfWorkspace(
        Guid id, [FromQuery] ListQuery list, [FromQuery] KeysOfWorkspace.Filter filter, [FromServices] GetWorkspace get, [FromServices] WorkspaceFacts facts,
        [FromServices] KeysOfWorkspace keys, [FromServices] WorkspaceKeys own, CancellationToken ct)
    {
        var actor = Actor.Of(User);
        var workspace = (await facts.OfAsync([await get.RunAsync(id, actor, ct)], ct))[0];
        if (actor.Role is not (Role.Admin or Role.Ops))
            return View("OwnWorkspace", new OwnWorkspacePage(workspace, (await own.RunAsync(id, filter.Kind, actor, ct)).Keys));
        return View(new WorkspacePage(workspace, await keys.RunAsync(id, list, filter, ct), list, filter, actor.Role is Role.Admin));
    }

    [HttpPost("keys")]
    [Authorize(Policy = Access.Administer)]
    public async Task<IActionResult> Review(
        Guid id, [FromForm] ReviewAssignments.Form form, [FromServices] GetWorkspace get, [FromServices] ReviewAssignments review, CancellationToken ct)
    {
        var workspace = await get.RunAsync(id, Actor.Of(User), ct);
        return ReviewPage(workspace, form, await review.OfWorkspaceAsync(id, form, ct));
    }

    [HttpPost("keys/apply")]
    [Authorize(Policy = Access.Administer)]
    public Task<IActionResult> Apply(
        Guid id, [FromForm] ReviewAssignments.Form form, [FromServices] AssignKeysToWorkspace assign,
        [FromServices] GetWorkspace get, [FromServices] ReviewAssignments review, CancellationToken ct) =>
        SaveAsync(
            async () =>
            {
                var change = await review.OfWorkspaceAsync(id, form, ct);
                await assign.RunAsync(id, new AssignKeysToWorkspace.Form(change.Wanted, form.Version), Actor.Of(User), ct);
                return Done($"Keys saved: {change.Added.Count} added, {change.Removed.Count} removed.", $"/workspaces/{id}");
            },
            async () =>
            {
                var workspace = await get.RunAsync(id, Actor.Of(User), ct);
                return ReviewPage(workspace, form with { Version = workspace.Version }, await review.OfWorkspaceAsync(id, form, ct));
            });

    private ViewResult ReviewPage(WorkspaceRow workspace, ReviewAssignments.Form form, ReviewAssignments.Answer review) => View("Review", new ReviewPage(
        $"Keys of {workspace.Name}", ("key", "keys"), $"/workspaces/{workspace.Id}", $"/workspaces/{workspace.Id}/keys/apply", form, review));
}
