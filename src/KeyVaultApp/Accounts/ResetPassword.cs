using FluentValidation;
using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Identity;

namespace KeyVaultApp.Accounts;

/// <summary>
/// Gives somebody a new password. A lockout is lifted, a second factor is off (whoever lost the phone has no other way in), and
/// whoever is signed in with the old password no longer is.
/// </summary>
public sealed class ResetPassword(KeyVaultDb db, UserManager<User> users, SecondFactor factor, ActivityLog activity)
{
    public sealed record Form(string? Email, Password? Password);

    private sealed class Validator : AbstractValidator<Form>
    {
        public Validator() => RuleFor(form => form.Password).IsPassword();
    }

    private static readonly Validator Rules = new();

    public async Task RunAsync(Form form, Actor actor, CancellationToken ct)
    {
        Rules.Check(form);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var user = await users.FindUserAsync(form.Email);
        if (user.IsDisabled) throw Refusal.Conflict("user_disabled", "The user is disabled: a new password would not let them in.");

        (await users.SetLockoutEndDateAsync(user, null)).OrRefuse();
        (await users.ResetAccessFailedCountAsync(user)).OrRefuse();
        (await users.RemovePasswordAsync(user)).OrRefuse();
        (await users.AddPasswordAsync(user, form.Password!.Text)).OrRefuse();
        activity.Record(actor, Actions.PasswordReset, Target.Of(user), before: new { SecondFactor = user.TwoFactorEnabled }, after: new { SecondFactor = false });
        if (user.TwoFactorEnabled)
        {
            await factor.RemoveAsync(user.Id, ct);
            (await users.SetTwoFactorEnabledAsync(user, enabled: false)).OrRefuse();
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}
