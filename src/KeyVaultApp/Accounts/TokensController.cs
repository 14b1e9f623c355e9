using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace KeyVaultApp.Accounts;

[Authorize(Policy = Access.Oversee)]
[Route("/settings/tokens")]
public sealed class TokensController : PageController
{
    public sealed record NewTokenPage(CreateToken.Form Form, WorkspacePicker Workspaces);

    /// <summary>Shown this once, on the answer itself. Not a record: those print their members.</summary>
    public sealed class CreatedPage(string name, string token)
    {
        public string Name => name;

        public string Token => token;
    }

    [HttpGet]
    public async Task<IActionResult> Index([FromQuery] ListQuery list, [FromServices] ListTokens tokens, CancellationToken ct) =>
        View(await tokens.RunAsync(list, ct));

    [HttpGet("new")]
    [Authorize(Policy = Access.Administer)]
    public async Task<IActionResult> New([FromServices] KeyVaultDb db, CancellationToken ct) =>
        View(new NewTokenPage(new CreateToken.Form(null, Role.Resolver, null, false, null), await db.WorkspacePickerAsync(Actor.Of(User), [], null, ct)));

    [HttpPost("new")]
    [Authorize(Policy = Access.Administer)]
    public Task<IActionResult> New(
        [FromForm] CreateToken.Form form, [FromForm(Name = WorkspacePicker.TypedField)] string? more, [FromServices] CreateToken create, [FromServices] KeyVaultDb db, CancellationToken ct) => SaveAsync(
        async () =>
        {
            // The choice of workspaces is not shown for the other roles, and may hold what was chosen before the role was.
            var asked = form.Role == Role.Resolver
                ? form with { Workspaces = [.. form.Workspaces ?? [], .. WorkspacePicker.Lines(more)] }
                : form with { Workspaces = null, AllWorkspaces = false };
            var made = await create.RunAsync(asked with { ExpiresAt = Expiry.EndOf(Expiry.DayOf(form.ExpiresAt)) }, Actor.Of(User), ct);
            return View("Created", new CreatedPage(form.Name!.Trim(), made.Token));
        },
        async () => View(new NewTokenPage(form, await db.WorkspacePickerAsync(Actor.Of(User), form.Workspaces ?? [], more, ct))));

    [HttpPost("{id:guid}/revoke")]
    [Authorize(Policy = Access.Administer)]
    public async Task<IActionResult> Revoke(Guid id, [FromServices] RevokeToken revoke, CancellationToken ct)
    {
        await revoke.RunAsync(id, Actor.Of(User), ct);
        return Done("Token revoked. Programs that use it are refused from now on.", "/settings/tokens");
    }
}
