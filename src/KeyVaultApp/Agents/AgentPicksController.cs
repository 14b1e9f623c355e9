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
            var picked = await keys.RunAsync([.. form.AgentIds!.Distinct()], Actor.Of(User), ct);
            return Done(string.Join(' ', Outcome(answer.Changed), Waits(picked.InDirectKeys)).TrimEnd(), ListOf(picked.Agents));
        },
        () => ShowAsync(form, keys, ct));

    private static string Outcome(int changed) =>
        changed == 0 ? "Nothing to change: these agents had picked the key already." : $"{Count.Of(changed, "agent has", "agents have")} picked the key.";

    private static string Waits(IReadOnlyList<string> inDirectKeys) => inDirectKeys switch
    {
        [] => "",
        [var workspace] => $"It counts once {workspace} is switched from direct keys to references with fallback.",
        _ => $"In {Count.Of(inDirectKeys.Count, "workspace")} it counts once the phase is switched from direct keys to references with fallback.",
    };

    /// <summary>The workspace that the agents were ticked in, where it is one.</summary>
    private static string ListOf(IReadOnlyList<AgentRow> agents) =>
        agents.Select(agent => agent.WorkspaceId).Distinct().ToList() is [var workspace] ? $"/agents?workspace_id={workspace}" : "/agents";

    private async Task<IActionResult> ShowAsync(PickKey.Form form, KeysForAgents keys, CancellationToken ct) => View(
        "Pick", new PickPage(await keys.RunAsync([.. (form.AgentIds ?? []).Distinct().Take(PickKey.MostAgents)], Actor.Of(User), ct), form.KeyId));
}
