using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Accounts;

/// <summary>What somebody changes about themselves takes their password once more: a desk may be left with the page open.</summary>
internal static class OwnAccount
{
    private const string WrongPassword = "This is not your current password. After five wrong ones in a row there is a pause of five minutes.";

    /// <exception cref="Refusal">The password is another one, or the actor is no user.</exception>
    public static async Task<Guid> ProveAsync(this CheckPassword check, KeyVaultDb db, Actor actor, Password? password, CancellationToken ct)
    {
        if (actor.Kind != ActorKind.User) throw Refusal.NotFound("user");
        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == actor.Id, ct);
        if (password is null) throw Refusal.Invalid("current_password", "The current password is missing.");
        if (password.Text.Length > Password.MaxLength || !await check.RunAsync(user, password, ct))
            throw Refusal.Invalid("current_password", WrongPassword);
        return user!.Id;
    }
}
