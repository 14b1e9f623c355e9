using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Accounts;

public sealed class RevokeToken(KeyVaultDb db, ActivityLog activity, TimeProvider clock)
{
    public async Task RunAsync(Guid id, Actor actor, CancellationToken ct)
    {
        var token = await db.AccessTokens.SingleOrDefaultAsync(token => token.Id == id, ct) ?? throw Refusal.NotFound("token");
        if (token.RevokedAt is not null) return;

        token.Revoke(clock.GetUtcNow());
        activity.Record(actor, Actions.TokenRevoked, Target.Of(token), after: new { token.RevokedAt });
        await db.SaveChangesAsync(ct);
    }
}
