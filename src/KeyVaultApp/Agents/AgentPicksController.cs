using KeyVaultApp.Domain;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace KeyVaultApp.Agents;

/// <summary>One key for all agents that are ticked in the list, after a page that says what each of them has now.</summary>
[Route("agents/pick")]
[Authorize(Policy = Access.EditAgents)]
public sealed class AgentPicksController : PageController
{
    public sealed record PickPage(KeysForAgents.Answer For, Guid? KeyId);

    [HttpPost("")]
    public Task<IActionResult> Index([FromForm] PickKey.Form form, [FromServices] KeysForAgents keys, CancellationToken ct) => ShowAsync(form, keys, ct);

    [HttpPost("apply")]
    public Task<IActionResult> Apply([FromForm] PickKey.Form form, [FromServices] PickKey pick, [FromServices] KeysForAgents keys, CancellationToken ct) => SaveAsync(
        async () =>
        {
            var answer = await pick.RunAsync(form, Actor.Of(User), ct);
            return Done(answer.Changed == 0 ? "Nothing to change: these agents had picked the key already." : $"{Count.Of(answer.Changed, "agent has", "agents have")} picked the key.", "/agents");
        },
        () => ShowAsync(form, keys, ct));

    private async Task<IActionResult> ShowAsync(PickKey.Form form, KeysForAgents keys, CancellationToken ct) => View(
        "Pick", new PickPage(await keys.RunAsync([.. (form.AgentIds ?? []).Distinct().Take(PickKey.MostAgents)], Actor.Of(User), ct), form.KeyId));
}
