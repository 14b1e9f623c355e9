using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.AspNetCore.Identity;

namespace KeyVaultApp.Accounts;

/// <summary>Ends somebody's access: sessions they have end with their next request.</summary>
public sealed class DisableUser(KeyVaultDb db, UserManager<User> users, ActivityLog activity, TimeProvider clock)
{
    public sealed record Form(string? Email);

    public async Task RunAsync(Form form, Actor actor, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var enabledAdmins = await db.HoldEnabledAdminsAsync(ct);
        var user = await users.FindUserAsync(form.Email);
        if (user.IsDisabled) return;
        user.MustNotBeTheLast(enabledAdmins);

        user.Disable(clock.GetUtcNow());
        (await users.UpdateSecurityStampAsync(user)).OrRefuse();
        activity.Record(actor, Actions.UserDisabled, Target.Of(user), after: new { user.DisabledAt });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}
