using KeyVaultApp.Domain;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace KeyVaultApp.LegacyKeys.Migration;

[Route("migration")]
public sealed class MigrationController : PageController
{
    private const string RunsShown = "20";

    [HttpGet("")]
    [Authorize(Policy = Access.Oversee)]
    public async Task<IActionResult> IndexAsync([FromQuery] ListQuery list, [FromServices] ListPlans plans, [FromServices] ListRuns runs, CancellationToken ct) =>
        View("Index", new MigrationPage(await plans.RunAsync(list, ct), await runs.RunAsync(new ListQuery(PageSize: RunsShown), ct)));
}
