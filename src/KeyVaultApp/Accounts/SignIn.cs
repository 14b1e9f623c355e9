using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Accounts;

/// <summary>Who it is, by e-mail and password. Whatever is wrong, the answer is the same.</summary>
public sealed class SignIn(KeyVaultDb db, ILookupNormalizer normalizer, CheckPassword check, SignInWithCode withCode, SignInLog log)
{
    public sealed record Form(string? Email, Password? Password) : Credentials;

    /// <param name="Ticket">Where a second factor is set up: what takes them on to it. They are not signed in yet.</param>
    public sealed record Answer(User User, string? Ticket);

    public async Task<Answer> RunAsync(Form form, CancellationToken ct)
    {
        if (form.Password is null || form.Password.Text.Length > Password.MaxLength) throw Refused();
        var user = await FindAsync(form.Email, ct);
        if (!await check.RunAsync(user, form.Password, ct))
        {
            await log.FailedAsync(user, "password", ct);
            throw Refused();
        }

        if (user!.TwoFactorEnabled) return new Answer(user, withCode.NewTicket(user));
        await log.SignedInAsync(user, "password", ct);
        return new Answer(user, null);
    }

    private async Task<User?> FindAsync(string? email, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(email) || !PrintableText.IsPrintable(email)) return null;
        var normalized = normalizer.NormalizeName(email);
        return await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.NormalizedUserName == normalized, ct);
    }

    private static Refusal Refused() => new(
        RefusalKind.Invalid, "sign_in_refused",
        "E-mail and password do not go together, or may not be used just now. After five wrong passwords in a row there is a pause of five minutes.");
}
