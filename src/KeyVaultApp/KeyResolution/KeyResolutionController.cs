using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.KeyResolution;

public sealed class KeyResolutionController : Controller
{
    /// <summary>Why an agent gets the keys it gets, slot by slot and without the values.</summary>
    [HttpGet("/agents/{id:guid}/explain")]
    [Authorize(Policy = Access.ReadWorkspaces)]
    public async Task<IActionResult> ExplainAsync(Guid id, [FromServices] KeyResolver resolver, [FromServices] KeyVaultDb db, CancellationToken ct)
    {
        var resolved = await resolver.ResolveAsync(new AgentAddress.ById(id), KeyKinds.All, Actor.Of(User), ct, counts: false);
        if (resolved is null) return NotFound();
        var agent = await db.Agents.AsNoTracking().Where(agent => agent.Id == id)
            .Select(agent => new { agent.Name, WorkspaceName = agent.Workspace.Name }).SingleAsync(ct);
        return View("Explain", new ExplainPage(id, agent.Name, resolved.WorkspaceId, agent.WorkspaceName, [.. KeyKinds.All.Select(kind => ExplainKey.Of(resolved, kind))]));
    }
}

/// <summary>What the page of an agent's resolution shows.</summary>
public sealed record ExplainPage(Guid AgentId, string AgentName, Guid WorkspaceId, string WorkspaceName, IReadOnlyList<ExplainKey.Answer> Slots);
