using FluentValidation;
using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;

namespace KeyVaultApp.Workspaces;

public sealed class CreateWorkspace(KeyVaultDb db, ActivityLog activity, TimeProvider clock)
{
    public sealed record Form(string? Name);

    private sealed class Validator : AbstractValidator<Form>
    {
        public Validator() => RuleFor(form => form.Name).IsName(Workspace.NameMaxLength);
    }

    private static readonly Validator Rules = new();

    public async Task<Guid> RunAsync(Form form, Actor actor, CancellationToken ct)
    {
        Rules.Check(form);
        var now = clock.GetUtcNow();
        var workspace = new Workspace(Guid.CreateVersion7(now), form.Name!.Trim(), now);
        db.Workspaces.Add(workspace);
        activity.Record(actor, Actions.WorkspaceCreated, Target.Of(workspace), after: new { workspace.Name });
        await db.SaveUniqueNameAsync("workspace", ct);
        return workspace.Id;
    }
}
