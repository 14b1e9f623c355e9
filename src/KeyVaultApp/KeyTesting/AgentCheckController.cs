using KeyVaultApp.Domain;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace KeyVaultApp.KeyTesting;

public sealed class AgentCheckController : PageController
{
    [HttpPost("/agents/{id:guid}/check")]
    [Authorize(Policy = Access.CheckAgents)]
    public async Task<IActionResult> Check(Guid id, [FromServices] CheckAgent check, CancellationToken ct) =>
        View("Agent", await check.RunAsync(id, Actor.Of(User), ct));
}
