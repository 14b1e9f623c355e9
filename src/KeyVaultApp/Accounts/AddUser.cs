using FluentValidation;
using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Accounts;

public sealed class AddUser(KeyVaultDb db, UserManager<User> users, ActivityLog activity, TimeProvider clock)
{
    /// <param name="Workspaces">Ids or names, for the role user alone: the other roles reach every workspace.</param>
    public sealed record Form(string? Email, Role? Role, IReadOnlyList<string>? Workspaces, Password? Password);

    private sealed class Validator : AbstractValidator<Form>
    {
        public Validator()
        {
            RuleFor(form => form.Email).IsEmail();
            RuleFor(form => form.Role)
                .NotNull().WithMessage("{PropertyName} is missing.")
                .Must(role => role is Role.Admin or Role.Ops or Role.User).WithMessage("{PropertyName} must be one of admin, ops, user.");
            RuleFor(form => form.Workspaces)
                .Empty().When(form => form.Role is Role.Admin or Role.Ops).WithMessage("The roles admin and ops reach every workspace: name none.");
            RuleForEach(form => form.Workspaces).IsName(Workspace.NameMaxLength);
            RuleFor(form => form.Password).IsPassword();
        }
    }

    private static readonly Validator Rules = new();

    public async Task<Guid> RunAsync(Form form, Actor actor, CancellationToken ct)
    {
        // Identity saves by itself; the transaction keeps user, memberships and the entry together.
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var user = await AddAsync(form, actor, ct);
        await transaction.CommitAsync(ct);
        return user.Id;
    }

    /// <summary>The same within a transaction of the caller's.</summary>
    internal async Task<User> AddAsync(Form form, Actor actor, CancellationToken ct)
    {
        Rules.Check(form);
        var workspaces = await db.FindWorkspacesAsync(form.Workspaces ?? [], ct);
        if (workspaces.Missing.Count > 0) throw Refusal.NotFound("workspace", "workspaces", workspaces.Missing);

        var now = clock.GetUtcNow();
        var email = Emails.Clean(form.Email!);
        var user = new User { Id = Guid.CreateVersion7(now), Email = email, UserName = email, Role = form.Role!.Value, CreatedAt = now };
        try
        {
            (await users.CreateAsync(user, form.Password!.Text)).OrRefuse();
            db.WorkspaceMembers.AddRange(workspaces.Found.Select(id => new WorkspaceMember { WorkspaceId = id, UserId = user.Id }));
            activity.Record(actor, Actions.UserAdded, Target.Of(user), after: new { user.Email, user.Role, Workspaces = workspaces.Found });
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException exception) when (db.IsUniqueViolation(exception))
        {
            throw IdentityAnswers.EmailTaken();
        }
        catch (DbUpdateException exception) when (db.IsForeignKeyViolation(exception))
        {
            throw Refusal.NotFound("workspace");
        }

        return user;
    }
}
