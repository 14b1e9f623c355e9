using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace KeyVaultApp.Keys;

/// <summary>Does one thing to all keys that are ticked in the list. Each has a page that says key by key what will happen.</summary>
[Route("/keys")]
[Authorize(Policy = Access.Administer)]
public sealed class BulkKeysController : PageController
{
    private const string WorkspacesField = "workspace_ids";

    [HttpPost("assign")]
    public async Task<IActionResult> Assign(
        [FromForm] AssignKeys.Form form, [FromServices] GetKey get, [FromServices] KeyVaultDb db, CancellationToken ct) =>
        await BulkPage("BulkAssign", form, null, get, db, ct);

    [HttpPost("assign/review")]
    public async Task<IActionResult> ReviewAssign(
        [FromForm] AssignKeys.Form form, [FromForm(Name = WorkspacePicker.TypedField)] string? more, [FromServices] GetKey get, [FromServices] KeyVaultDb db, CancellationToken ct)
    {
        if (await db.WithTypedAsync(form.WorkspaceIds, more, ct) is not { } chosen) ModelState.AddModelError(WorkspacesField, KeyLookup.UnknownWorkspace().Message);
        else if (chosen is []) ModelState.AddModelError(WorkspacesField, "Choose at least one workspace.");
        return await BulkPage(ModelState.IsValid ? "BulkAssignReview" : "BulkAssign", form, more, get, db, ct);
    }

    [HttpPost("assign/apply")]
    public Task<IActionResult> ApplyAssign(
        [FromForm] AssignKeys.Form form, [FromServices] AssignKeys assign,
        [FromServices] GetKey get, [FromServices] KeyVaultDb db, CancellationToken ct) =>
        SaveAsync(
            async () =>
            {
                var changed = await assign.RunAsync(form, Actor.Of(User), ct);
                return Done(changed == 0 ? "Nothing to change: the keys were assigned there already." : $"{Count.Of(changed, "key")} assigned.", "/keys");
            },
            () => BulkPage("BulkAssign", form, null, get, db, ct));

    [HttpPost("disable")]
    public Task<IActionResult> Disable([FromForm] DisableKeys.Form form, [FromServices] GetKey get, [FromServices] ServedAgents served, CancellationToken ct) =>
        DisablePage(form, get, served, ct);

    [HttpPost("disable/apply")]
    public Task<IActionResult> ApplyDisable(
        [FromForm] DisableKeys.Form form, [FromServices] DisableKeys disable, [FromServices] GetKey get, [FromServices] ServedAgents served, CancellationToken ct) =>
        SaveAsync(
            async () => Done($"{Count.Of(await disable.RunAsync(form, Actor.Of(User), ct), "key")} disabled.", "/keys"),
            () => DisablePage(form, get, served, ct));

    private async Task<IActionResult> DisablePage(DisableKeys.Form form, GetKey get, ServedAgents served, CancellationToken ct)
    {
        var keys = await KeysAsync(form.KeyIds, get, ct);
        return View("BulkDisable", new BulkDisablePage(keys, await served.CountAsync(keys.Where(key => key.Status == KeyState.Active).Select(key => (key.Id, key.Kind)), ct)));
    }

    private async Task<IActionResult> BulkPage(string view, AssignKeys.Form form, string? more, GetKey get, KeyVaultDb db, CancellationToken ct) => View(view, new BulkPage(
        await KeysAsync(form.KeyIds, get, ct), await db.WorkspacePickerAsync(Actor.Of(User), (form.WorkspaceIds ?? []).Select(id => id.ToString()), more, ct)));

    private static Task<IReadOnlyList<KeyRow>> KeysAsync(IReadOnlyList<Guid>? ids, GetKey get, CancellationToken ct) =>
        get.ManyAsync([.. (ids ?? []).Distinct().Take(KeyRules.MostKeysAtOnce)], ct);
}
