using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace KeyVaultApp.Keys;

/// <summary>Looks at keys.</summary>
[Route("/keys")]
[Authorize(Policy = Access.Oversee)]
public sealed class KeysController : PageController
{
    private const string UsersPerPage = "10";
    private const string TestsPerPage = "20";

    /// <summary>As much of workspaces and activity as a key's page shows; the rest is a link away.</summary>
    private static readonly ListQuery First = new(PageSize: "10");
    private static readonly ListQuery FirstTests = new(PageSize: "5");

    [HttpGet("")]
    public async Task<IActionResult> Index(
        [FromQuery] ListQuery list, [FromQuery] ListKeys.Filter filter,
        [FromServices] ListKeys keys, [FromServices] KeyVaultDb db, CancellationToken ct) =>
        View(new KeyListPage(
            await keys.RunAsync(list, filter, ct), list, filter, await keys.ProvidersAsync(ct),
            await db.WorkspaceChoicesAsync(Actor.Of(User), Fields.Id(filter.WorkspaceId, "workspace_id"), ct)));

    [HttpGet("{id:guid}")]
    public async Task<IActionResult> Detail(
        Guid id, [FromQuery] ListQuery list, bool? created,
        [FromServices] GetKey get, [FromServices] KeyUse use, [FromServices] ServedAgents served, [FromServices] WorkspacesOfKey workspaces, [FromServices] ListVersions versions,
        [FromServices] ListTests tests, [FromServices] ListActivity activity, [FromServices] SameValue same, CancellationToken ct)
    {
        var key = await get.RunAsync(id, ct);
        return View(new KeyPage(
            key,
            await use.PageAsync(id, list with { PageSize = list.PageSize ?? UsersPerPage }, ct),
            await workspaces.RunAsync(id, First, new WorkspacesOfKey.Filter(Assigned: true), ct),
            (await versions.RunAsync(id, First, ct)).Items,
            await tests.RunAsync(id, FirstTests, ct),
            await activity.RunAsync(First, new ListActivity.Filter(TargetId: id.ToString()), ct),
            await same.RunAsync(key, ct),
            created is true,
            key.Status == KeyState.Active || key.AgentCount == 0 ? 0 : await served.CountAsync(id, key.Kind, ct)));
    }

    [HttpGet("{id:guid}/tests")]
    public async Task<IActionResult> Tests(Guid id, [FromQuery] ListQuery list, [FromServices] GetKey get, [FromServices] ListTests tests, CancellationToken ct) =>
        View(new KeyTestsPage(await get.RunAsync(id, ct), await tests.RunAsync(id, list with { PageSize = list.PageSize ?? TestsPerPage }, ct)));
}
