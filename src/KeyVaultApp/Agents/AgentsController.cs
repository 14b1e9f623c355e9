using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace KeyVaultApp.Agents;

[Route("agents")]
public sealed class AgentsController : PageController
{
    private const string ConfirmField = "confirm_name";

    private Actor Me => Actor.Of(User);

    [HttpGet("")]
    [Authorize(Policy = Access.ReadWorkspaces)]
    public async Task<IActionResult> IndexAsync(
        [FromQuery] ListQuery list, [FromQuery] ListAgents.Filter filter, [FromQuery(Name = "workspace_id")] string? workspace,
        [FromServices] ListAgents slice, [FromServices] KeyVaultDb db, CancellationToken ct)
    {
        var workspaceId = Fields.Id(workspace, "workspace_id");
        var agents = await slice.RunAsync(workspaceId, list, Me, ct, filter);
        var workspaces = await db.WorkspaceChoicesAsync(Me, workspaceId, ct);
        return View("Index", new AgentsPage(agents, list, filter, workspaceId, workspaces, MayEdit, Me.Role));
    }

    [HttpGet("new")]
    [Authorize(Policy = Access.EditAgents)]
    public async Task<IActionResult> NewAsync(
        [FromQuery(Name = "workspace_id")] string? workspace, [FromServices] ReadAgentForm read, [FromServices] KeyVaultDb db, CancellationToken ct)
    {
        if (Fields.Id(workspace, "workspace_id") is { } id) return View("Form", await read.NewAsync(id, Me, ct));
        var choices = await db.WorkspaceChoicesAsync(Me, null, ct);
        return choices is [var only] ? View("Form", await read.NewAsync(only.Id, Me, ct)) : View("ChooseWorkspace", choices);
    }

    [HttpPost("new")]
    [Authorize(Policy = Access.EditAgents)]
    public Task<IActionResult> CreateAsync(
        [FromForm(Name = "workspace_id")] Guid workspaceId, [FromForm] CreateAgent.Form form,
        [FromServices] CreateAgent slice, [FromServices] ReadAgentForm read, CancellationToken ct) => SaveAsync(
        async () => Done("Agent created.", $"/agents/{await slice.RunAsync(workspaceId, form, Me, ct)}"),
        async () => View("Form", (await read.NewAsync(workspaceId, Me, ct)).With(form, null, [])));

    [HttpGet("{id:guid}")]
    [Authorize(Policy = Access.ReadWorkspaces)]
    public async Task<IActionResult> EditAsync(Guid id, [FromServices] ReadAgentForm read, CancellationToken ct) =>
        View(MayEdit ? "Form" : "Show", await read.OfAsync(id, Me, ct));

    [HttpPost("{id:guid}")]
    [Authorize(Policy = Access.EditAgents)]
    public Task<IActionResult> ChangeAsync(
        Guid id, [FromForm] ChangeAgent.Form form, [FromServices] ChangeAgent slice, [FromServices] ReadAgentForm read, CancellationToken ct) => SaveAsync(
        async () =>
        {
            await slice.RunAsync(id, form, Me, ct);
            return Done("Agent saved.", $"/agents/{id}");
        },
        async () => View("Form", (await read.OfAsync(id, Me, ct)).With(form, form.Version, form.ClearKeys ?? [])));

    [HttpPost("{id:guid}/delete")]
    [Authorize(Policy = Access.EditAgents)]
    public Task<IActionResult> DeleteAsync(
        Guid id, [FromForm(Name = ConfirmField)] string? confirmation,
        [FromServices] DeleteAgent slice, [FromServices] GetAgent get, [FromServices] ReadAgentForm read, CancellationToken ct) => SaveAsync(
        async () =>
        {
            var agent = await get.RunAsync(id, Me, ct);
            if (Text.Normalize(confirmation?.Trim() ?? "") != Text.Normalize(agent.Name))
                throw Refusal.Invalid(ConfirmField, "Type the name of the agent to delete it.");
            await slice.RunAsync(id, Me, ct);
            return Done($"Agent {agent.Name} deleted.", $"/agents?workspace_id={agent.WorkspaceId}");
        },
        async () => View("Form", await read.OfAsync(id, Me, ct)));

    private bool MayEdit => Access.Policies[Access.EditAgents].Contains(Me.Role);
}
