using KeyVaultApp.Domain;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace KeyVaultApp.Keys;

/// <summary>Stops a key for a while or for good, and moves its agents out of the way first.</summary>
[Route("/keys/{id:guid}")]
[Authorize(Policy = Access.Administer)]
public sealed class StopKeyController : PageController
{
    [HttpGet("disable")]
    public Task<IActionResult> Disable(
        Guid id, [FromServices] GetKey get, [FromServices] KeyUse use, [FromServices] ServedAgents served, [FromServices] FittingKeys fitting, CancellationToken ct) =>
        InUsePage("Disable", id, get, use, served, fitting, ct);

    [HttpPost("disable")]
    public Task<IActionResult> Disable(
        Guid id, [FromForm] DisableKey.Form form, [FromServices] DisableKey disable,
        [FromServices] GetKey get, [FromServices] KeyUse use, [FromServices] ServedAgents served, [FromServices] FittingKeys fitting, CancellationToken ct) =>
        SaveAsync(
            async () =>
            {
                await disable.RunAsync(id, form, Actor.Of(User), ct);
                return Done("Key disabled.", $"/keys/{id}");
            },
            () => InUsePage("Disable", id, get, use, served, fitting, ct));

    [HttpPost("enable")]
    public async Task<IActionResult> Enable(Guid id, [FromServices] EnableKey enable, CancellationToken ct)
    {
        await enable.RunAsync(id, Actor.Of(User), ct);
        return Done("Key enabled.", $"/keys/{id}");
    }

    [HttpGet("delete")]
    public Task<IActionResult> Delete(
        Guid id, [FromServices] GetKey get, [FromServices] KeyUse use, [FromServices] ServedAgents served, [FromServices] FittingKeys fitting, CancellationToken ct) =>
        InUsePage("Delete", id, get, use, served, fitting, ct);

    /// <param name="name">Typed by the person, so that the wrong key is not deleted in a hurry.</param>
    [HttpPost("delete")]
    public Task<IActionResult> Delete(
        Guid id, [FromForm] string? name, [FromServices] DeleteKey delete,
        [FromServices] GetKey get, [FromServices] KeyUse use, [FromServices] ServedAgents served, [FromServices] FittingKeys fitting, CancellationToken ct) =>
        SaveAsync(
            async () =>
            {
                var key = await get.RunAsync(id, ct);
                if (name?.Trim() != key.Name) throw Refusal.Invalid("name", "This is not the name of the key.");
                await delete.RunAsync(id, Actor.Of(User), ct);
                return Done($"{key.Name} is deleted.", "/keys");
            },
            () => InUsePage("Delete", id, get, use, served, fitting, ct));

    [HttpGet("move")]
    public Task<IActionResult> Move(
        Guid id, [FromServices] GetKey get, [FromServices] KeyUse use, [FromServices] ServedAgents served, [FromServices] FittingKeys fitting, CancellationToken ct) =>
        InUsePage("Move", id, get, use, served, fitting, ct);

    /// <param name="then">Where the person came from: <c>disable</c> or <c>delete</c>.</param>
    [HttpPost("move")]
    public Task<IActionResult> Move(
        Guid id, [FromForm] ReassignAgents.Form form, [FromForm] string? then, [FromServices] ReassignAgents reassign,
        [FromServices] GetKey get, [FromServices] KeyUse use, [FromServices] ServedAgents served, [FromServices] FittingKeys fitting, CancellationToken ct) =>
        SaveAsync(
            async () =>
            {
                var answer = await reassign.RunAsync(id, form, Actor.Of(User), ct);
                var left = answer.Remaining == 0 ? "" : $" {Count.Of(answer.Remaining, "agent")} still reach it through an old field.";
                return Done($"{Count.Of(answer.Moved, "agent")} moved.{left}", then is "disable" or "delete" ? $"/keys/{id}/{then}" : $"/keys/{id}");
            },
            () => InUsePage("Move", id, get, use, served, fitting, ct));

    private async Task<IActionResult> InUsePage(string view, Guid id, GetKey get, KeyUse use, ServedAgents served, FittingKeys fitting, CancellationToken ct)
    {
        var key = await get.RunAsync(id, ct);
        var users = await use.InAsync(id, null, ct);
        var losing = users.Total > 0 && key.Status == KeyState.Active ? await served.CountAsync(id, key.Kind, ct) : 0;
        return View(view, new KeyInUsePage(key, users, users.Total == 0 ? [] : await fitting.RunAsync(id, ct), view.ToLowerInvariant(), losing));
    }
}
