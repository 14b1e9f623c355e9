using FluentValidation;
using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;

namespace KeyVaultApp.Keys;

/// <summary>Lets several keys be used in more workspaces. What they are assigned to already stays.</summary>
public sealed class AssignKeys(KeyVaultDb db, KeyUse use, ActivityLog activity, TimeProvider clock)
{
    public sealed record Form(IReadOnlyList<Guid>? KeyIds, IReadOnlyList<Guid>? WorkspaceIds);

    private sealed class Validator : AbstractValidator<Form>
    {
        public Validator()
        {
            RuleFor(form => form.KeyIds).AreKeys();
            RuleFor(form => form.WorkspaceIds).NotEmpty().WithMessage("Choose at least one workspace.").AreWorkspaces();
        }
    }

    private static readonly Validator Rules = new();

    /// <returns>How many keys have more workspaces now.</returns>
    public async Task<int> RunAsync(Form form, Actor actor, CancellationToken ct)
    {
        Rules.Check(form);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await use.LockAsync(form.KeyIds!, ct);
        var keys = await db.FindKeysAsync(form.KeyIds!, ct);
        var wanted = await db.RequireWorkspacesAsync(form.WorkspaceIds!, ct);
        var now = clock.GetUtcNow();
        var changed = 0;
        foreach (var key in keys)
        {
            var before = key.Assignments.Select(assignment => assignment.WorkspaceId).ToList();
            var added = wanted.Except(before).ToList();
            if (added is []) continue;

            key.Assignments.AddRange(added.Select(workspace => new KeyAssignment { KeyId = key.Id, WorkspaceId = workspace }));
            key.Touch(now);
            activity.Record(actor, Actions.KeyAssigned, Target.Of(key), new { WorkspaceIds = before }, new { WorkspaceIds = before.Concat(added) });
            changed++;
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return changed;
    }
}
