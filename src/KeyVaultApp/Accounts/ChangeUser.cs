using FluentValidation;
using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Accounts;

/// <summary>What somebody may do, and where. It counts with their next request.</summary>
public sealed class ChangeUser(KeyVaultDb db, UserManager<User> users, ActivityLog activity)
{
    /// <param name="Workspaces">Ids or names, all of them, for the role user alone.</param>
    /// <param name="Stamp">Of the row that the caller has seen; Identity changes it with every edit.</param>
    public sealed record Form(Role? Role, IReadOnlyList<string>? Workspaces, string? Stamp);

    private sealed class Validator : AbstractValidator<Form>
    {
        public Validator()
        {
            RuleFor(form => form.Role)
                .NotNull().WithMessage("{PropertyName} is missing.")
                .Must(role => role is Role.Admin or Role.Ops or Role.User).WithMessage("{PropertyName} must be one of admin, ops, user.");
            RuleFor(form => form.Workspaces)
                .Empty().When(form => form.Role is Role.Admin or Role.Ops).WithMessage("The roles admin and ops reach every workspace: name none.");
            RuleForEach(form => form.Workspaces).IsName(Workspace.NameMaxLength);
            RuleFor(form => form.Stamp).NotNull().WithMessage("{PropertyName} is missing: load the user again.");
        }
    }

    private static readonly Validator Rules = new();

    public async Task RunAsync(Guid id, Form form, Actor actor, CancellationToken ct)
    {
        Rules.Check(form);
        var wanted = await db.FindWorkspacesAsync(form.Workspaces ?? [], ct);
        if (wanted.Missing.Count > 0) throw Refusal.NotFound("workspace", "workspaces", wanted.Missing);

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var enabledAdmins = await db.HoldEnabledAdminsAsync(ct);
        var user = await users.FindByIdAsync(id.ToString()) ?? throw Refusal.NotFound("user");
        if (user.ConcurrencyStamp != form.Stamp) throw Refusal.StaleVersion();
        var members = await db.WorkspaceMembers.Where(member => member.UserId == id).OrderBy(member => member.WorkspaceId).ToListAsync(ct);
        var current = members.Select(member => member.WorkspaceId).ToList();
        if (user.Role == form.Role && current.Order().SequenceEqual(wanted.Found.Order())) return;
        if (form.Role != Role.Admin) user.MustNotBeTheLast(enabledAdmins);

        activity.Record(
            actor, Actions.UserChanged, Target.Of(user), before: new { user.Role, Workspaces = current }, after: new { form.Role, Workspaces = wanted.Found });
        user.Role = form.Role!.Value;
        db.WorkspaceMembers.RemoveRange(members.Where(member => !wanted.Found.Contains(member.WorkspaceId)));
        db.WorkspaceMembers.AddRange(wanted.Found.Except(current).Select(workspace => new WorkspaceMember { UserId = id, WorkspaceId = workspace }));
        try
        {
            (await users.UpdateAsync(user)).OrRefuse();
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException exception) when (db.IsForeignKeyViolation(exception))
        {
            throw Refusal.NotFound("workspace");
        }

        await transaction.CommitAsync(ct);
    }
}
