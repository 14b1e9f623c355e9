using KeyVaultApp.Storage;
using Microsoft.AspNetCore.Identity;

namespace KeyVaultApp.Accounts;

/// <summary>
/// Whether a password is somebody's. Unknown, disabled and locked out users take as long as known ones: one hash each.
/// </summary>
public sealed class CheckPassword(IPasswordHasher<User> hasher, Attempts attempts)
{
    public async Task<bool> RunAsync(User? user, Password password, CancellationToken ct)
    {
        var attempt = user is { IsDisabled: false, PasswordHash: not null } ? await attempts.BeginAsync(user, ct) : null;
        if (attempt is null)
        {
            hasher.HashPassword(user ?? new User(), password.Text);
            return false;
        }

        if (hasher.VerifyHashedPassword(user!, user!.PasswordHash!, password.Text) == PasswordVerificationResult.Failed)
        {
            await attempts.FailAsync(attempt, ct);
            return false;
        }

        await (user.TwoFactorEnabled ? attempts.TakeBackAsync(attempt, ct) : attempts.SucceedAsync(attempt, ct));
        return true;
    }
}
