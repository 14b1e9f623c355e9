using KeyVaultApp.Domain;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace KeyVaultApp.Rollout;

/// <summary>Where the phases stand, and a switch in three steps: choose, look at what it would change, confirm.</summary>
[Route("rollout")]
public sealed class RolloutController : PageController
{
    [HttpGet("")]
    [Authorize(Policy = Access.Oversee)]
    public async Task<IActionResult> IndexAsync(
        [FromQuery] ListQuery list, [FromServices] CountPhases count, [FromServices] ListPhases slice, [FromServices] ILegacyKeys legacy, CancellationToken ct)
    {
        var phases = await count.RunAsync(ct);
        return View("Index", new RolloutPage(phases.Installation, phases.Apart, await slice.RunAsync(list, ct), list, legacy.Exist));
    }

    [HttpGet("switch")]
    [Authorize(Policy = Access.Oversee)]
    public async Task<IActionResult> SwitchAsync(
        [FromQuery(Name = "workspace_id")] string? workspace, [FromQuery] string? phase, [FromServices] SwitchForms forms, CancellationToken ct) =>
        View("Switch", await forms.ReadAsync(Fields.Id(workspace, "workspace_id"), Fields.Word<RolloutPhase>(phase, "phase"), ct));

    [HttpGet("preflight")]
    [Authorize(Policy = Access.Oversee)]
    public async Task<IActionResult> PreflightAsync(
        [FromQuery(Name = "workspace_id")] string? workspace, [FromQuery] string? phase, [FromQuery] ListQuery list, [FromServices] SwitchForms forms, CancellationToken ct)
    {
        var form = Preflight.Form.Of(phase, workspace);
        return form is { Phase: null, WorkspaceId: null } ? LocalRedirect("/rollout/switch") : View("Preflight", await forms.PreflightAsync(form.WorkspaceId, form.Phase, list, ct));
    }

    [HttpGet("preflight/export")]
    [Authorize(Policy = Access.Oversee)]
    public Task ExportAsync(
        [FromQuery(Name = "workspace_id")] string? workspace, [FromQuery] string? phase, [FromServices] Preflight slice, CancellationToken ct) =>
        Csv.SendAsync(Response, "preflight.csv", slice.ExportAsync(Preflight.Form.Of(phase, workspace), ct), ct);

    [HttpPost("switch")]
    [Authorize(Policy = Access.Administer)]
    public Task<IActionResult> SetAsync([FromForm] SetPhase.Form form, [FromServices] SetPhase slice, [FromServices] SwitchForms forms, CancellationToken ct) => SaveAsync(
        async () =>
        {
            await slice.RunAsync(form, Actor.Of(User), ct);
            var now = await forms.ReadAsync(form.WorkspaceId, null, ct);
            return Done(now.Stands, now.Workspace is { } workspace ? $"/workspaces/{workspace.Id}" : "/rollout");
        },
        async () => form is { Phase: null, WorkspaceId: null } || ModelState.GetFieldValidationState("phase") == ModelValidationState.Invalid
            ? View("Switch", await forms.ReadAsync(form.WorkspaceId, form.Phase, ct))
            : View("Preflight", await forms.PreflightAsync(form.WorkspaceId, form.Phase, new ListQuery(), ct)));
}
