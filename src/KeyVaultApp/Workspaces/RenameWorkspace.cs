using FluentValidation;
using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;

namespace KeyVaultApp.Workspaces;

public sealed class RenameWorkspace(KeyVaultDb db, ActivityLog activity, TimeProvider clock)
{
    public sealed record Form(string? Name, int? Version);

    private sealed class Validator : AbstractValidator<Form>
    {
        public Validator()
        {
            RuleFor(form => form.Name).IsName(Workspace.NameMaxLength);
            RuleFor(form => form.Version).IsVersion();
        }
    }

    private static readonly Validator Rules = new();

    public async Task RunAsync(Guid id, Form form, Actor actor, CancellationToken ct)
    {
        Rules.Check(form);
        var workspace = await db.FindWorkspaceAsync(id, actor, ct);
        if (workspace.Version != form.Version) throw Refusal.StaleVersion();
        var name = form.Name!.Trim();
        if (name == workspace.Name) return;

        activity.Record(actor, Actions.WorkspaceRenamed, Target.Of(workspace), before: new { workspace.Name }, after: new { Name = name });
        workspace.Rename(name, clock.GetUtcNow());
        await db.SaveUniqueNameAsync("workspace", ct);
    }
}
