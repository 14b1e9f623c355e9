using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Identity;

namespace KeyVaultApp.Accounts;

/// <summary>Back to the password alone.</summary>
public sealed class TurnOffSecondFactor(KeyVaultDb db, UserManager<User> users, CheckPassword check, SecondFactor factor, ActivityLog activity)
{
    public sealed record Form(Password? CurrentPassword);

    /// <returns>The user, with a new security stamp.</returns>
    public async Task<User> RunAsync(Form form, Actor actor, CancellationToken ct)
    {
        var id = await check.ProveAsync(db, actor, form.CurrentPassword, ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var user = await users.FindByIdAsync(id.ToString()) ?? throw Refusal.NotFound("user");
        if (!user.TwoFactorEnabled) return user;

        await factor.RemoveAsync(id, ct);
        (await users.SetTwoFactorEnabledAsync(user, enabled: false)).OrRefuse();
        activity.Record(actor, Actions.SecondFactorOff, Target.Of(user));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return user;
    }
}
