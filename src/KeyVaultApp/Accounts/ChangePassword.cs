using FluentValidation;
using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Identity;

namespace KeyVaultApp.Accounts;

/// <summary>Somebody changes their own password. Whoever else is signed in as them no longer is.</summary>
public sealed class ChangePassword(KeyVaultDb db, UserManager<User> users, CheckPassword check, ActivityLog activity)
{
    public sealed record Form(Password? CurrentPassword, Password? NewPassword, Password? NewPasswordAgain);

    private sealed class Validator : AbstractValidator<Form>
    {
        public Validator()
        {
            RuleFor(form => form.CurrentPassword).NotNull().WithMessage("The current password is missing.");
            RuleFor(form => form.NewPassword).IsPassword()
                .Must((form, password) => password!.Text != form.CurrentPassword?.Text).WithMessage("The new password is the current one. Choose another.");
            RuleFor(form => form.NewPasswordAgain)
                .Must((form, again) => again?.Text == form.NewPassword?.Text).WithMessage("The new password was typed two ways.");
        }
    }

    private static readonly Validator Rules = new();

    /// <returns>The user, with a new security stamp.</returns>
    public async Task<User> RunAsync(Form form, Actor actor, CancellationToken ct)
    {
        Rules.Check(form);
        var id = await check.ProveAsync(db, actor, form.CurrentPassword, ct);

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var user = await users.FindByIdAsync(id.ToString()) ?? throw Refusal.NotFound("user");
        activity.Record(actor, Actions.PasswordChanged, Target.Of(user));
        (await users.RemovePasswordAsync(user)).OrRefuse();
        (await users.AddPasswordAsync(user, form.NewPassword!.Text)).OrRefuse();
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return user;
    }
}
