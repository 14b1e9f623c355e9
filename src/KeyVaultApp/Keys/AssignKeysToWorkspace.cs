using FluentValidation;
using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using KeyVaultApp.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Keys;

/// <summary>The same assignments, seen from the workspace: it may use these keys, and no others.</summary>
public sealed class AssignKeysToWorkspace(KeyVaultDb db, KeyUse use, ActivityLog activity, TimeProvider clock)
{
    public const int MostKeys = 10_000;

    /// <param name="Version">Of the workspace.</param>
    public sealed record Form(IReadOnlyList<Guid>? KeyIds, int? Version);

    private sealed class Validator : AbstractValidator<Form>
    {
        public Validator()
        {
            RuleFor(form => form.KeyIds)
                .NotNull().WithMessage("{PropertyName} is missing; an empty list takes every key from the workspace.")
                .Must(ids => ids!.Count <= MostKeys).WithMessage($"{{PropertyName}} has more than {MostKeys} entries.");
            RuleFor(form => form.Version).IsVersion();
        }
    }

    private static readonly Validator Rules = new();

    public async Task RunAsync(Guid workspaceId, Form form, Actor actor, CancellationToken ct)
    {
        Rules.Check(form);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var workspace = await db.FindWorkspaceAsync(workspaceId, actor, ct);
        if (workspace.Version != form.Version) throw Refusal.StaleVersion();
        var wanted = form.KeyIds!.Distinct().ToList();
        if (await db.Keys.CountAsync(key => wanted.Contains(key.Id), ct) != wanted.Count)
            throw Refusal.Invalid("key_ids", "key_ids names a key that there is not.");

        // Every key that is or will be assigned, so that the same change from a key's side waits for this one, or this for it.
        await use.LockAsync([.. wanted, .. await db.KeyAssignments.Where(assignment => assignment.WorkspaceId == workspaceId).Select(assignment => assignment.KeyId).ToListAsync(ct)], ct);
        var assigned = await db.KeyAssignments.Where(assignment => assignment.WorkspaceId == workspaceId).ToListAsync(ct);
        var before = assigned.Select(assignment => assignment.KeyId).ToList();
        var removed = before.Except(wanted).ToList();
        var added = wanted.Except(before).ToList();
        if (removed is [] && added is []) return;

        foreach (var key in removed)
            await use.RefuseIfUsedAsync(key, "Agents of this workspace use a key that it would lose. Move them to another key first.", ct, [workspaceId]);

        db.KeyAssignments.RemoveRange(assigned.Where(assignment => removed.Contains(assignment.KeyId)));
        db.KeyAssignments.AddRange(added.Select(key => new KeyAssignment { KeyId = key, WorkspaceId = workspaceId }));
        workspace.Touch(clock.GetUtcNow());
        foreach (var key in await db.Keys.Where(key => removed.Contains(key.Id) || added.Contains(key.Id)).ToListAsync(ct)) key.Touch(clock.GetUtcNow());
        activity.Record(actor, Actions.KeyAssigned, Target.Of(workspace), new { KeyIds = before }, new { KeyIds = wanted });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}
