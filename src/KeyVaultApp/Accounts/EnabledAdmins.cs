using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Accounts;

/// <summary>There is always one admin who may sign in.</summary>
internal static class EnabledAdmins
{
    /// <summary>
    /// Counts them by a write that changes nothing, so that their rows are ours until the transaction ends: of two admins who
    /// disable each other at the same moment, the second waits, and then counts one less.
    /// </summary>
    public static Task<int> HoldEnabledAdminsAsync(this KeyVaultDb db, CancellationToken ct) => db.Users
        .Where(user => user.Role == Role.Admin && user.DisabledAt == null)
        .ExecuteUpdateAsync(row => row.SetProperty(user => user.Role, user => user.Role), ct);

    /// <exception cref="Refusal">They are the last one, of those that were counted.</exception>
    public static void MustNotBeTheLast(this User user, int enabledAdmins)
    {
        if (user is { Role: Role.Admin, IsDisabled: false } && enabledAdmins == 1)
            throw Refusal.Conflict("last_admin", "This is the last enabled admin. Add another one first.");
    }
}
