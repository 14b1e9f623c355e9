using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace KeyVaultApp.KeyAudit;

/// <summary>What the page shows.</summary>
public sealed record KeyAuditPage(Guid? WorkspaceId, IReadOnlyList<WorkspaceChoice> Workspaces, CountFleet.Answer Counts, IReadOnlyList<PastAudits.Row> Past);

[Route("key-audit")]
[Authorize(Policy = Access.PrepareAudit)]
public sealed class KeyAuditController : PageController
{
    [HttpGet("")]
    public Task<IActionResult> IndexAsync(
        [FromQuery] ExportKeyAudit.Filter filter, [FromServices] CountFleet counts, [FromServices] PastAudits past, [FromServices] KeyVaultDb db, CancellationToken ct) =>
        PageAsync(Fields.Id(filter.WorkspaceId, "workspace_id"), counts, past, db, ct);

    [HttpGet("download")]
    public Task DownloadAsync([FromQuery] ExportKeyAudit.Filter filter, [FromServices] ExportKeyAudit slice, CancellationToken ct) =>
        KeyAuditModule.SendAsync(slice, filter, Response, Actor.Of(User), ct);

    [HttpPost("uploads")]
    [RequestSizeLimit(KeyAuditModule.LargestUpload)]
    public Task<IActionResult> UploadAsync(
        [FromForm] KeepUpload.Form form, [FromServices] KeepUpload keep, [FromServices] CountFleet counts, [FromServices] PastAudits past, [FromServices] KeyVaultDb db, CancellationToken ct) => SaveAsync(
        async () => LocalRedirect($"/key-audit/uploads/{await keep.RunAsync(form, Actor.Of(User), ct)}"),
        () => PageAsync(null, counts, past, db, ct));

    [HttpGet("uploads/{id:guid}")]
    public async Task<IActionResult> PreviewAsync(Guid id, [FromServices] GetUpload slice, CancellationToken ct) => View("Preview", await slice.RunAsync(id, Actor.Of(User), ct));

    [HttpPost("uploads/{id:guid}/apply")]
    [Authorize(Policy = Access.Administer)]
    public Task<IActionResult> ApplyAsync(Guid id, [FromServices] ApplyUpload slice, [FromServices] GetUpload get, CancellationToken ct) => SaveAsync(
        async () =>
        {
            var done = await slice.RunAsync(id, Actor.Of(User), ct);
            return Done($"{Count.Of(done.Created.Count, "key")} created, {Count.Of(done.Assigned.Count, "key")} assigned, {done.Unchanged:N0} unchanged.", "/key-audit");
        },
        async () => View("Preview", await get.RunAsync(id, Actor.Of(User), ct)));

    private async Task<IActionResult> PageAsync(Guid? workspaceId, CountFleet counts, PastAudits past, KeyVaultDb db, CancellationToken ct) => View("Index", new KeyAuditPage(
        workspaceId, await db.WorkspaceChoicesAsync(Actor.Of(User), workspaceId, ct), await counts.RunAsync(workspaceId, ct), await past.RunAsync(ct)));
}
