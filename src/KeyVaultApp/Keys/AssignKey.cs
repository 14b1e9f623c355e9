using FluentValidation;
using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Keys;

/// <summary>Says in which workspaces a key may be used: these, and no others.</summary>
public sealed class AssignKey(KeyVaultDb db, KeyUse use, ActivityLog activity, TimeProvider clock)
{
    public sealed record Form(IReadOnlyList<Guid>? WorkspaceIds, int? Version);

    private sealed class Validator : AbstractValidator<Form>
    {
        public Validator()
        {
            RuleFor(form => form.WorkspaceIds).NotNull().WithMessage("{PropertyName} is missing; an empty list takes the key from every workspace.").AreWorkspaces();
            RuleFor(form => form.Version).IsVersion();
        }
    }

    private static readonly Validator Rules = new();

    public async Task RunAsync(Guid id, Form form, Actor actor, CancellationToken ct)
    {
        Rules.Check(form);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await use.LockAsync([id], ct);
        var key = await db.FindKeyAsync(id, form.Version, ct);
        var wanted = await db.RequireWorkspacesAsync(form.WorkspaceIds!, ct);
        await db.Entry(key).Collection(row => row.Assignments).LoadAsync(ct);
        var before = key.Assignments.Select(assignment => assignment.WorkspaceId).ToList();
        var removed = before.Except(wanted).ToList();
        var added = wanted.Except(before).ToList();
        if (removed is [] && added is []) return;
        if (removed is not [])
            await use.RefuseIfUsedAsync(id, "Agents of a workspace that would lose the key use it. Move them to another key first.", ct, removed);

        key.Assignments.RemoveAll(assignment => removed.Contains(assignment.WorkspaceId));
        key.Assignments.AddRange(added.Select(workspace => new KeyAssignment { KeyId = id, WorkspaceId = workspace }));
        key.Touch(clock.GetUtcNow());
        // The other door shows the same assignments under the workspace's version.
        foreach (var workspace in await db.Workspaces.Where(row => removed.Contains(row.Id) || added.Contains(row.Id)).ToListAsync(ct)) workspace.Touch(clock.GetUtcNow());
        activity.Record(actor, Actions.KeyAssigned, Target.Of(key), new { WorkspaceIds = before }, new { WorkspaceIds = wanted });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}
