using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace KeyVaultApp.LegacyKeys;

public sealed record ShadowCheckPage(ShadowCheck.Answer Found, IReadOnlyList<WorkspaceChoice> Workspaces);

[Route("migration/shadow-check")]
[Authorize(Policy = Access.Oversee)]
public sealed class ShadowCheckController : PageController
{
    [HttpGet("")]
    public async Task<IActionResult> IndexAsync(
        [FromQuery(Name = "workspace_id")] string? workspace, [FromQuery] ListQuery list, [FromServices] ShadowCheck slice, [FromServices] KeyVaultDb db, CancellationToken ct)
    {
        var workspaceId = Fields.Id(workspace, "workspace_id");
        return View("ShadowCheck", new ShadowCheckPage(await slice.RunAsync(workspaceId, list, ct), await db.WorkspaceChoicesAsync(Actor.Of(User), workspaceId, ct)));
    }

    [HttpGet("export")]
    public Task ExportAsync([FromQuery(Name = "workspace_id")] string? workspace, [FromServices] ShadowCheck slice, CancellationToken ct) =>
        Csv.SendAsync(Response, "shadow-check.csv", slice.ExportAsync(Fields.Id(workspace, "workspace_id"), ct), ct);
}
