using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;

namespace KeyVaultApp.Accounts;

/// <summary>Who came and went, and who tried.</summary>
public sealed class SignInLog(KeyVaultDb db, ActivityLog activity)
{
    /// <summary>Whoever it is, they have not said so yet.</summary>
    internal static readonly Actor Nobody = new(ActorKind.System, null, "Sign-in page", Role.User, []);

    /// <summary>In place of a name that nobody has. It is not written down: people type their password into the wrong field.</summary>
    private static readonly Target UnknownName = new("user", null, "Unknown name");

    public Task SignedInAsync(User user, string with, CancellationToken ct) =>
        SaveAsync(new Actor(ActorKind.User, user.Id, user.Email!, user.Role, []), Actions.SignedIn, Target.Of(user), new { With = with }, ct);

    public Task SignedOutAsync(Actor actor, CancellationToken ct) =>
        SaveAsync(actor, Actions.SignedOut, new Target("user", actor.Id, actor.Name), null, ct);

    /// <param name="user">Null where nobody has the name that was typed.</param>
    /// <param name="wrong">What did not go: <c>password</c> or <c>code</c>.</param>
    public Task FailedAsync(User? user, string wrong, CancellationToken ct) =>
        SaveAsync(Nobody, Actions.SignInFailed, user is null ? UnknownName : Target.Of(user), new { Wrong = wrong }, ct);

    private async Task SaveAsync(Actor actor, string action, Target target, object? facts, CancellationToken ct)
    {
        activity.Record(actor, action, target, after: facts);
        await db.SaveChangesAsync(ct);
    }
}
