using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Identity;

namespace KeyVaultApp.Accounts;

/// <summary>Ten new recovery codes; those of before are worth nothing any more.</summary>
public sealed class RenewRecoveryCodes(KeyVaultDb db, UserManager<User> users, CheckPassword check, SecondFactor factor, ActivityLog activity)
{
    public sealed record Form(Password? CurrentPassword);

    /// <returns>The codes, to be shown once.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(Form form, Actor actor, CancellationToken ct)
    {
        var id = await check.ProveAsync(db, actor, form.CurrentPassword, ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var user = await users.FindByIdAsync(id.ToString()) ?? throw Refusal.NotFound("user");
        if (!user.TwoFactorEnabled) throw Refusal.Conflict("second_factor_off", "There is no second factor to recover. Set one up first.");

        var codes = await factor.RenewRecoveryCodesAsync(id, ct);
        activity.Record(actor, Actions.RecoveryCodesRenewed, Target.Of(user));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return codes;
    }
}
