using FluentValidation;
using KeyVaultApp.Domain;
using KeyVaultApp.Encryption;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Accounts;

/// <summary>Makes the first administrator, by the link that the console showed. It works once.</summary>
public sealed class SetUp(KeyVaultDb db, AddUser addUser, TimeProvider clock)
{
    public sealed record Form(string? Token, string? Email, Password? Password, Password? PasswordAgain) : Credentials;

    private sealed class Validator : AbstractValidator<Form>
    {
        public Validator()
        {
            RuleFor(form => form.Email).IsEmail();
            RuleFor(form => form.Password).IsPassword();
            RuleFor(form => form.PasswordAgain)
                .Must((form, again) => again?.Text == form.Password?.Text).WithMessage("The password was typed two ways.");
        }
    }

    private static readonly Validator Rules = new();
    private static readonly Actor Console = new(ActorKind.System, null, "Set-up link", Role.Admin, null);

    public Task<bool> IsGoodAsync(string? token, CancellationToken ct) => Links(token).AnyAsync(ct);

    public async Task<User> RunAsync(Form form, CancellationToken ct)
    {
        Rules.Check(form);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await Links(form.Token).ExecuteDeleteAsync(ct) != 1 || await db.Users.AnyAsync(ct))
            throw Refusal.Conflict("link_used", "This link has been used or is too old. Start the server again: it prints a new one, as long as there is no user.");
        var user = await addUser.AddAsync(new AddUser.Form(form.Email, Role.Admin, null, form.Password), Console, ct);
        await transaction.CommitAsync(ct);
        return user;
    }

    private IQueryable<SetUpLink> Links(string? token)
    {
        var (hash, now) = (TokenHashes.Hash(token ?? ""), clock.GetUtcNow());
        return db.SetUpLinks.Where(link => link.Hash == hash && link.ExpiresAt > now);
    }
}
