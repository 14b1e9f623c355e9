using KeyVaultApp.Domain;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace KeyVaultApp.LegacyKeys.Migration;

[Route("migration/runs")]
public sealed class RunsController : PageController
{
    [HttpPost("")]
    [Authorize(Policy = Access.Migrate)]
    public Task<IActionResult> StartAsync([FromForm] StartRun.Form form, [FromForm] bool? confirmed, [FromServices] StartRun slice, [FromServices] RunPages pages, CancellationToken ct) => SaveAsync(
        async () =>
        {
            if (confirmed is not true) throw Refusal.Invalid("confirmed", "Confirm that this plan is to be carried out.");
            return LocalRedirect($"/migration/runs/{await slice.RunAsync(form, Actor.Of(User), ct)}");
        },
        async () => View("Start", await pages.StartAsync(form.PlanId, ct)));

    [HttpGet("{id:guid}")]
    [Authorize(Policy = Access.Oversee)]
    public async Task<IActionResult> RunAsync(Guid id, [FromQuery] ListQuery list, [FromQuery] ListRunItems.Filter filter, [FromServices] RunPages pages, CancellationToken ct) =>
        View("Run", await pages.RunAsync(id, list, filter, Actor.Of(User), ct));

    [HttpPost("{id:guid}/pause")]
    [Authorize(Policy = Access.Migrate)]
    public Task<IActionResult> PauseAsync(Guid id, [FromServices] PauseRun slice, [FromServices] RunPages pages, CancellationToken ct) =>
        DoAsync(id, () => slice.RunAsync(id, Actor.Of(User), ct), "The run pauses as soon as it is done with what it is at.", pages, ct);

    [HttpPost("{id:guid}/resume")]
    [Authorize(Policy = Access.Migrate)]
    public Task<IActionResult> ResumeAsync(Guid id, [FromServices] ResumeRun slice, [FromServices] RunPages pages, CancellationToken ct) =>
        DoAsync(id, () => slice.RunAsync(id, Actor.Of(User), ct), "The run goes on.", pages, ct);

    [HttpPost("{id:guid}/stop")]
    [Authorize(Policy = Access.Migrate)]
    public Task<IActionResult> StopAsync(Guid id, [FromServices] StopRun slice, [FromServices] RunPages pages, CancellationToken ct) =>
        DoAsync(id, () => slice.RunAsync(id, Actor.Of(User), ct), "The run stops as soon as it is done with what it is at. What it linked stays, and can be rolled back.", pages, ct);

    [HttpGet("{id:guid}/rollback")]
    [Authorize(Policy = Access.Migrate)]
    public Task<IActionResult> PreviewAsync(Guid id, [FromQuery] ListQuery list, [FromServices] PreviewRollback slice, [FromServices] RunPages pages, CancellationToken ct) => SaveAsync(
        async () => View("Rollback", await slice.RunAsync(id, list, ct)),
        async () => View("Run", await pages.RunAsync(id, new ListQuery(), new ListRunItems.Filter(), Actor.Of(User), ct)));

    [HttpPost("{id:guid}/rollback")]
    [Authorize(Policy = Access.Migrate)]
    public Task<IActionResult> RollBackAsync(
        Guid id, [FromForm] StartRollback.Form form, [FromServices] StartRollback slice, [FromServices] RunPages pages, CancellationToken ct) => SaveAsync(
        async () => LocalRedirect($"/migration/runs/{await slice.RunAsync(id, form, Actor.Of(User), ct)}"),
        async () => View("Run", await pages.RunAsync(id, new ListQuery(), new ListRunItems.Filter(), Actor.Of(User), ct)));

    private Task<IActionResult> DoAsync(Guid id, Func<Task> what, string done, RunPages pages, CancellationToken ct) => SaveAsync(
        async () =>
        {
            await what();
            return Done(done, $"/migration/runs/{id}");
        },
        async () => View("Run", await pages.RunAsync(id, new ListQuery(), new ListRunItems.Filter(), Actor.Of(User), ct)));
}
