using KeyVaultApp.Activity;
using KeyVaultApp.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace KeyVaultApp.Accounts;

/// <summary>
/// Counts wrong passwords and wrong codes alike; five in a row lock for five minutes. An attempt counts as failed before it is
/// looked at, in one statement, so that attempts sent side by side are counted each.
/// </summary>
public sealed class Attempts(KeyVaultDb db, IOptions<IdentityOptions> identity, ActivityLog activity, TimeProvider clock)
{
    /// <param name="LocksUntil">Until when it locks, if it is the last one and wrong.</param>
    public sealed record Attempt(User User, DateTimeOffset LocksUntil);

    /// <returns>Null where the user is locked out.</returns>
    public async Task<Attempt?> BeginAsync(User user, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var most = identity.Value.Lockout.MaxFailedAccessAttempts;
        DateTimeOffset? until = now + identity.Value.Lockout.DefaultLockoutTimeSpan;
        var mayTry = await db.Users.Where(row => row.Id == user.Id && (row.LockoutEnd == null || row.LockoutEnd <= now)).ExecuteUpdateAsync(
            row => row
                .SetProperty(u => u.LockoutEnd, u => u.AccessFailedCount + 1 >= most ? until : null)
                .SetProperty(u => u.AccessFailedCount, u => u.AccessFailedCount + 1 >= most ? 0 : u.AccessFailedCount + 1),
            ct) == 1;
        return mayTry ? new Attempt(user, until.Value) : null;
    }

    /// <summary>It was right, and with it they are in: the counting begins anew.</summary>
    public Task SucceedAsync(Attempt attempt, CancellationToken ct) => db.Users.Where(row => row.Id == attempt.User.Id).ExecuteUpdateAsync(
        row => row.SetProperty(u => u.AccessFailedCount, 0).SetProperty(u => u.LockoutEnd, (DateTimeOffset?)null), ct);

    /// <summary>
    /// It was right, and does not yet let them in: it alone is forgotten. Would all be, whoever knows the password could guess
    /// codes for ever.
    /// </summary>
    public async Task TakeBackAsync(Attempt attempt, CancellationToken ct)
    {
        var row = db.Users.Where(row => row.Id == attempt.User.Id);
        if (await row.Where(u => u.LockoutEnd == null && u.AccessFailedCount > 0)
            .ExecuteUpdateAsync(u => u.SetProperty(user => user.AccessFailedCount, user => user.AccessFailedCount - 1), ct) == 1) return;
        var before = identity.Value.Lockout.MaxFailedAccessAttempts - 1;
        await row.Where(u => u.LockoutEnd == attempt.LocksUntil).ExecuteUpdateAsync(
            u => u.SetProperty(user => user.AccessFailedCount, before).SetProperty(user => user.LockoutEnd, (DateTimeOffset?)null), ct);
    }

    /// <summary>It was wrong. Where it was the last one, the activity log has that.</summary>
    public async Task FailAsync(Attempt attempt, CancellationToken ct)
    {
        if (!await db.Users.AnyAsync(row => row.Id == attempt.User.Id && row.LockoutEnd == attempt.LocksUntil, ct)) return;
        activity.Record(SignInLog.Nobody, Actions.UserLockedOut, Target.Of(attempt.User), after: new { Until = attempt.LocksUntil });
        await db.SaveChangesAsync(ct);
    }
}
