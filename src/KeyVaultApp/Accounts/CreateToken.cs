using FluentValidation;
using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Encryption;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Accounts;

public sealed class CreateToken(KeyVaultDb db, ActivityLog activity, TimeProvider clock)
{
    /// <param name="Workspaces">Ids or names, for the role resolver alone, unless it has <paramref name="AllWorkspaces"/>.</param>
    public sealed record Form(string? Name, Role? Role, IReadOnlyList<string>? Workspaces, bool AllWorkspaces, DateTimeOffset? ExpiresAt);

    private sealed class Validator : AbstractValidator<Form>
    {
        public Validator()
        {
            RuleFor(form => form.Name).IsName(AccessToken.NameMaxLength);
            RuleFor(form => form.Role)
                .NotNull().WithMessage("{PropertyName} is missing.")
                .Must(role => role is Role.Admin or Role.Ops or Role.Resolver).WithMessage("{PropertyName} must be one of admin, ops, resolver.");
            RuleFor(form => form.Workspaces)
                .Must((form, workspaces) => !form.AllWorkspaces && workspaces is not { Count: > 0 })
                .When(form => form.Role is Role.Admin or Role.Ops, ApplyConditionTo.CurrentValidator)
                .WithMessage("The roles admin and ops reach every workspace: name none.")
                .Must((form, workspaces) => form.AllWorkspaces != workspaces is { Count: > 0 })
                .When(form => form.Role is Role.Resolver, ApplyConditionTo.CurrentValidator)
                .WithMessage("The role resolver needs its workspaces named, or all of them, and not both.");
            RuleForEach(form => form.Workspaces).IsName(Workspace.NameMaxLength);
        }
    }

    /// <summary>The only time that the token can be seen. Not a record: those print their members.</summary>
    public sealed class Created(Guid id, string token)
    {
        public Guid Id => id;

        public string Token => token;
    }

    private static readonly Validator Rules = new();

    public async Task<Created> RunAsync(Form form, Actor actor, CancellationToken ct)
    {
        Rules.Check(form);
        var now = clock.GetUtcNow();
        if (form.ExpiresAt <= now) throw Refusal.Invalid("expires_at", "expires_at must be in the future.");
        var workspaces = await db.FindWorkspacesAsync(form.Workspaces ?? [], ct);
        if (workspaces.Missing.Count > 0) throw Refusal.NotFound("workspace", "workspaces", workspaces.Missing);

        var plain = TokenHashes.New();
        var token = new AccessToken
        {
            Id = Guid.CreateVersion7(now),
            Name = form.Name!.Trim(),
            Role = form.Role!.Value,
            Hash = TokenHashes.Hash(plain),
            AllWorkspaces = form.AllWorkspaces || form.Role != Role.Resolver,
            CreatedAt = now,
            CreatedBy = actor.Name,
            ExpiresAt = form.ExpiresAt,
        };
        token.Workspaces.AddRange(workspaces.Found.Select(id => new AccessTokenWorkspace { TokenId = token.Id, WorkspaceId = id }));
        db.AccessTokens.Add(token);
        activity.Record(actor, Actions.TokenCreated, Target.Of(token), after: new
        {
            token.Name,
            token.Role,
            token.AllWorkspaces,
            Workspaces = workspaces.Found,
            token.ExpiresAt,
        });
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException exception) when (db.IsForeignKeyViolation(exception))
        {
            throw Refusal.NotFound("workspace");
        }

        return new Created(token.Id, plain);
    }
}
