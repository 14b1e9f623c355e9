using FluentValidation;
using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Encryption;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Identity;

namespace KeyVaultApp.Accounts;

/// <summary>Somebody takes an authenticator app into use. Whoever else is signed in as them no longer is.</summary>
public sealed class TurnOnSecondFactor(
    KeyVaultDb db, UserManager<User> users, CheckPassword check, SecondFactor factor, ProtectedText protect, ActivityLog activity, TimeProvider clock)
{
    private const string Purpose = "second_factor_offer";
    private const string Issuer = "KeyVaultApp";

    /// <param name="Offer">Of the page that showed the secret; nothing is kept until a code proves that an app has it.</param>
    public sealed record Form(string? Offer, string? Code, Password? CurrentPassword) : Credentials;

    /// <param name="Sealed">Comes back with the form.</param>
    /// <param name="Uri">What the QR code says: https://github.com/google/google-authenticator/wiki/Key-Uri-Format</param>
    public sealed record Offer(string Sealed, string Secret, string Uri);

    /// <param name="User">With a new security stamp.</param>
    public sealed record Answer(User User, IReadOnlyList<string> RecoveryCodes);

    private sealed class Validator : AbstractValidator<Form>
    {
        public Validator()
        {
            RuleFor(form => form.Code).NotEmpty().WithMessage("The code that the app shows is missing.");
            RuleFor(form => form.CurrentPassword).NotNull().WithMessage("The current password is missing.");
        }
    }

    private static readonly Validator Rules = new();

    /// <param name="posted">An offer that was made before and is taken up again; any other text makes a new one.</param>
    public Offer Make(Actor actor, string? posted = null)
    {
        var secret = Open(posted, actor) ?? OneTimeCodes.NewSecret();
        var uri = $"otpauth://totp/{Issuer}:{Uri.EscapeDataString(actor.Name)}?secret={secret}&issuer={Issuer}";
        return new Offer(protect.Protect(secret, Purpose, actor.Id.ToString()!), secret, uri);
    }

    public async Task<Answer> RunAsync(Form form, Actor actor, CancellationToken ct)
    {
        Rules.Check(form);
        var id = await check.ProveAsync(db, actor, form.CurrentPassword, ct);
        var step = Open(form.Offer, actor) is { } secret ? OneTimeCodes.StepOf(secret, string.Concat(form.Code!.Where(char.IsAsciiDigit)), clock.GetUtcNow()) : null;
        if (step is null) throw Refusal.Invalid("code", "This is not the code that belongs to the secret. Is the clock of the device right?");

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var user = await users.FindByIdAsync(id.ToString()) ?? throw Refusal.NotFound("user");
        if (user.TwoFactorEnabled) throw Refusal.Conflict("second_factor_on", "A second factor is set up already. Switch it off first.");
        var codes = factor.Add(id, Open(form.Offer, actor)!, step.Value);
        (await users.SetTwoFactorEnabledAsync(user, enabled: true)).OrRefuse();
        activity.Record(actor, Actions.SecondFactorOn, Target.Of(user));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return new Answer(user, codes);
    }

    private string? Open(string? offer, Actor actor) => protect.Open(offer, Purpose, actor.Id.ToString()!);
}
