using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace KeyVaultApp.Accounts;

[Authorize(Policy = Access.Oversee)]
[Route("/settings/users")]
public sealed class UsersController : PageController
{
    /// <param name="Role">As it was chosen, or null.</param>
    public sealed record NewUserPage(string? Email, Role? Role, RolePicker Picker);

    public sealed record UserPage(GetUser.Row User, Role Role, RolePicker Picker, bool IsSelf);

    /// <summary>The role and the workspaces that go with it.</summary>
    public sealed record RolePicker(Role? Role, WorkspacePicker Workspaces);

    [HttpGet("/settings")]
    public IActionResult Settings() => LocalRedirect("/settings/users");

    [HttpGet]
    public async Task<IActionResult> Index([FromQuery] ListQuery list, [FromServices] ListUsers users, CancellationToken ct) =>
        View(await users.RunAsync(list, ct));

    [HttpGet("new")]
    [Authorize(Policy = Access.Administer)]
    public async Task<IActionResult> New([FromServices] KeyVaultDb db, CancellationToken ct) => await NewPageAsync(new AddUser.Form(null, null, null, null), null, db, ct);

    [HttpPost("new")]
    [Authorize(Policy = Access.Administer)]
    public Task<IActionResult> New(
        [FromForm] AddUser.Form form, [FromForm(Name = WorkspacePicker.TypedField)] string? more, [FromServices] AddUser add, [FromServices] KeyVaultDb db, CancellationToken ct) => SaveAsync(
        async () =>
        {
            await add.RunAsync(form with { Workspaces = OfUser(form.Role, form.Workspaces, more) }, Actor.Of(User), ct);
            return Done($"{form.Email!.Trim()} may sign in now. Tell them their password yourself.", "/settings/users");
        },
        () => NewPageAsync(form, more, db, ct));

    [HttpGet("{id:guid}")]
    [Authorize(Policy = Access.Administer)]
    public async Task<IActionResult> Edit(Guid id, [FromServices] GetUser get, [FromServices] KeyVaultDb db, CancellationToken ct) =>
        await EditPageAsync(id, null, null, get, db, ct);

    [HttpPost("{id:guid}")]
    [Authorize(Policy = Access.Administer)]
    public Task<IActionResult> Edit(
        Guid id, [FromForm] ChangeUser.Form form, [FromForm(Name = WorkspacePicker.TypedField)] string? more,
        [FromServices] ChangeUser change, [FromServices] GetUser get, [FromServices] KeyVaultDb db, CancellationToken ct) => SaveAsync(
        async () =>
        {
            await change.RunAsync(id, form with { Workspaces = OfUser(form.Role, form.Workspaces, more) }, Actor.Of(User), ct);
            return Done("Saved. It counts with their next click.", "/settings/users");
        },
        () => EditPageAsync(id, form, more, get, db, ct));

    [HttpPost("{id:guid}/disable")]
    [Authorize(Policy = Access.Administer)]
    public Task<IActionResult> Disable(
        Guid id, [FromServices] DisableUser disable, [FromServices] GetUser get, [FromServices] KeyVaultDb db, CancellationToken ct) => SaveAsync(
        async () =>
        {
            var user = await get.RunAsync(id, ct);
            await disable.RunAsync(new DisableUser.Form(user.Email), Actor.Of(User), ct);
            return Done($"{user.Email} is signed out and cannot sign in any more.", $"/settings/users/{id}");
        },
        () => EditPageAsync(id, null, null, get, db, ct));

    [HttpPost("{id:guid}/enable")]
    [Authorize(Policy = Access.Administer)]
    public Task<IActionResult> Enable(
        Guid id, [FromServices] EnableUser enable, [FromServices] GetUser get, [FromServices] KeyVaultDb db, CancellationToken ct) => SaveAsync(
        async () =>
        {
            var user = await get.RunAsync(id, ct);
            await enable.RunAsync(new EnableUser.Form(user.Email), Actor.Of(User), ct);
            return Done($"{user.Email} may sign in again.", $"/settings/users/{id}");
        },
        () => EditPageAsync(id, null, null, get, db, ct));

    [HttpPost("{id:guid}/password")]
    [Authorize(Policy = Access.Administer)]
    public Task<IActionResult> Reset(
        Guid id, [FromForm] Password? password, [FromServices] ResetPassword reset, [FromServices] GetUser get, [FromServices] KeyVaultDb db, CancellationToken ct) => SaveAsync(
        async () =>
        {
            var user = await get.RunAsync(id, ct);
            await reset.RunAsync(new ResetPassword.Form(user.Email, password), Actor.Of(User), ct);
            return Done($"{user.Email} has the new password and is signed out. Tell them yourself.", $"/settings/users/{id}");
        },
        () => EditPageAsync(id, null, null, get, db, ct));

    /// <summary>The picker is not shown for the other roles, and may hold what was chosen before the role was.</summary>
    private static IReadOnlyList<string>? OfUser(Role? role, IReadOnlyList<string>? workspaces, string? more) =>
        role == Role.User ? [.. workspaces ?? [], .. WorkspacePicker.Lines(more)] : null;

    private async Task<IActionResult> NewPageAsync(AddUser.Form form, string? more, KeyVaultDb db, CancellationToken ct) => View("New", new NewUserPage(
        form.Email, form.Role, new RolePicker(form.Role ?? Role.User, await db.WorkspacePickerAsync(Actor.Of(User), form.Workspaces ?? [], more, ct))));

    private async Task<IActionResult> EditPageAsync(Guid id, ChangeUser.Form? form, string? more, GetUser get, KeyVaultDb db, CancellationToken ct)
    {
        var user = await get.RunAsync(id, ct);
        var chosen = form is null ? user.Workspaces.Select(workspace => workspace.Id.ToString()) : form.Workspaces ?? [];
        var picker = new RolePicker(form?.Role ?? user.Role, await db.WorkspacePickerAsync(Actor.Of(User), chosen, more, ct));
        return View("Edit", new UserPage(user, picker.Role ?? user.Role, picker, Actor.Of(User).Id == id));
    }
}
