using System.Globalization;
using KeyVaultApp.Encryption;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Accounts;

/// <summary>The second half of signing in: a code of the app, or a recovery code, within five minutes of the password.</summary>
public sealed class SignInWithCode(KeyVaultDb db, SecondFactor factor, Attempts attempts, SignInLog log, ProtectedText protect, TimeProvider clock)
{
    private const string Purpose = "sign_in_ticket";
    private const char Between = '|';
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    public sealed record Form(string? Ticket, string? Code) : Credentials;

    /// <exception cref="Refusal">Code <c>ticket_expired</c>: begin with the password again.</exception>
    public async Task<User> RunAsync(Form form, CancellationToken ct)
    {
        var user = await FindAsync(form.Ticket, ct) ?? throw new Refusal(
            RefusalKind.Conflict, "ticket_expired", "That took longer than five minutes, or your account changed meanwhile. Sign in again.");
        var attempt = await attempts.BeginAsync(user, ct);
        var with = attempt is null ? null : await factor.TakeAsync(user, form.Code ?? "", ct);
        if (with is null)
        {
            if (attempt is not null) await attempts.FailAsync(attempt, ct);
            await log.FailedAsync(user, "code", ct);
            throw Refusal.Invalid("code", "This code is not good, or not any more. After five wrong ones in a row there is a pause of five minutes.");
        }

        await attempts.SucceedAsync(attempt!, ct);
        await log.SignedInAsync(user, with, ct);
        return user;
    }

    /// <summary>Says whose password was right, and when.</summary>
    internal string NewTicket(User user) => protect.Protect(
        string.Join(Between, user.Id, user.SecurityStamp, clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)), Purpose);

    private async Task<User?> FindAsync(string? ticket, CancellationToken ct)
    {
        if (protect.Open(ticket, Purpose)?.Split(Between) is not [var id, var stamp, var since]) return null;
        if (clock.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(long.Parse(since, CultureInfo.InvariantCulture)) > Lifetime) return null;
        var userId = Guid.Parse(id);
        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == userId && user.DisabledAt == null, ct);
        return user is { TwoFactorEnabled: true } && user.SecurityStamp == stamp ? user : null;
    }
}
