using KeyVaultApp.Domain;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace KeyVaultApp.Workspaces;

/// <summary>The list of workspaces, and what becomes of one as a whole. Its keys are ticked on a page of Keys/.</summary>
[Route("/workspaces")]
public sealed class WorkspacesController : PageController
{
    [HttpGet("")]
    [Authorize(Policy = Access.ReadWorkspaces)]
    public async Task<IActionResult> Index(
        [FromQuery] ListQuery list, [FromServices] ListWorkspaces workspaces, [FromServices] WorkspaceFacts facts, CancellationToken ct)
    {
        var page = await workspaces.RunAsync(list, Actor.Of(User), ct);
        return View(new WorkspaceListPage(page, await facts.OfAsync(page.Items, ct), list));
    }

    [HttpGet("new")]
    [Authorize(Policy = Access.Administer)]
    public IActionResult New() => View(new CreateWorkspace.Form(null));

    [HttpPost("new")]
    [Authorize(Policy = Access.Administer)]
    public Task<IActionResult> New([FromForm] CreateWorkspace.Form form, [FromServices] CreateWorkspace create, CancellationToken ct) => SaveAsync(
        async () =>
        {
            var id = await create.RunAsync(form, Actor.Of(User), ct);
            return Done("Workspace created. Next, tick the keys that may be used in it.", $"/workspaces/{id}");
        },
        () => Task.FromResult<IActionResult>(View("New", form)));

    [HttpGet("{id:guid}/rename")]
    [Authorize(Policy = Access.Administer)]
    public async Task<IActionResult> Rename(Guid id, [FromServices] GetWorkspace get, CancellationToken ct)
    {
        var workspace = await get.RunAsync(id, Actor.Of(User), ct);
        return View(new RenameWorkspacePage(workspace, workspace.Name));
    }

    [HttpPost("{id:guid}/rename")]
    [Authorize(Policy = Access.Administer)]
    public Task<IActionResult> Rename(
        Guid id, [FromForm] RenameWorkspace.Form form, [FromServices] RenameWorkspace rename, [FromServices] GetWorkspace get, CancellationToken ct) => SaveAsync(
        async () =>
        {
            await rename.RunAsync(id, form, Actor.Of(User), ct);
            return Done("Workspace renamed.", $"/workspaces/{id}");
        },
        async () => View("Rename", new RenameWorkspacePage(await get.RunAsync(id, Actor.Of(User), ct), form.Name)));

    [HttpGet("{id:guid}/delete")]
    [Authorize(Policy = Access.Administer)]
    public async Task<IActionResult> Delete(Guid id, [FromServices] GetWorkspace get, CancellationToken ct) => View(await get.RunAsync(id, Actor.Of(User), ct));

    /// <param name="name">Typed by the person, so that the wrong workspace is not deleted in a hurry.</param>
    [HttpPost("{id:guid}/delete")]
    [Authorize(Policy = Access.Administer)]
    public Task<IActionResult> Delete(
        Guid id, [FromForm] string? name, [FromServices] DeleteWorkspace delete, [FromServices] GetWorkspace get, CancellationToken ct) => SaveAsync(
        async () =>
        {
            var workspace = await get.RunAsync(id, Actor.Of(User), ct);
            if (name?.Trim() != workspace.Name)
                throw Refusal.Invalid("name", "This is not the name of the workspace.");
            await delete.RunAsync(id, Actor.Of(User), ct);
            return Done($"{workspace.Name} is deleted.", "/workspaces");
        },
        async () => View("Delete", await get.RunAsync(id, Actor.Of(User), ct)));
}
