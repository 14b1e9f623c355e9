using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.AspNetCore.Identity;

namespace KeyVaultApp.Accounts;

/// <summary>Lets somebody in again, with the password, role and workspaces they had. Sessions of before stay ended.</summary>
public sealed class EnableUser(KeyVaultDb db, UserManager<User> users, ActivityLog activity)
{
    public sealed record Form(string? Email);

    public async Task RunAsync(Form form, Actor actor, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var user = await users.FindUserAsync(form.Email);
        if (!user.IsDisabled) return;

        activity.Record(actor, Actions.UserEnabled, Target.Of(user), before: new { user.DisabledAt });
        user.Enable();
        (await users.UpdateAsync(user)).OrRefuse();
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}
