using FluentValidation;
using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using KeyVaultApp.Workspaces;

namespace KeyVaultApp.Keys;

/// <summary>
/// Renames and annotates a key. Its value is replaced elsewhere, and with it the provider and region that it is sent to: a stored
/// value never follows a changed address. An expiry in the past stops the key, and is asked back as disabling it is.
/// </summary>
public sealed class ChangeKey(KeyVaultDb db, KeyUse use, ActivityLog activity, TimeProvider clock)
{
    /// <summary>Absent members stay as they are; null clears (but not the name).</summary>
    /// <param name="Confirm">Lets a key expire at once though agents use it.</param>
    public sealed record Form(
        Optional<string> Name, Optional<string> Provider, Optional<string> Region, Optional<string> Notes, Optional<DateTimeOffset?> ExpiresAt, int? Version,
        bool? Confirm = null);

    private sealed class Validator : AbstractValidator<Form>
    {
        public Validator()
        {
            RuleFor(form => form.Name.Value).IsName(KeyResource.NameMaxLength).OverridePropertyName("name").WithName("name").When(form => form.Name.IsGiven);
            RuleFor(form => form.Provider.Value).IsProvider().OverridePropertyName("provider").WithName("provider");
            RuleFor(form => form.Region.Value).IsRegion().OverridePropertyName("region").WithName("region");
            RuleFor(form => form.Notes.Value).IsText(KeyResource.NotesMaxLength, severalLines: true).OverridePropertyName("notes").WithName("notes");
            RuleFor(form => form.Version).IsVersion();
        }
    }

    private static readonly Validator Rules = new();

    public async Task RunAsync(Guid id, Form form, Actor actor, CancellationToken ct)
    {
        Rules.Check(form);
        var now = clock.GetUtcNow();
        var expires = form.ExpiresAt.Value <= now;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (expires) await use.LockAsync([id], ct);
        var key = await db.FindKeyAsync(id, form.Version, ct);
        RequireSamePlace("provider", form.Provider, key.Provider);
        RequireSamePlace("region", form.Region, key.Region);
        if (expires && form.Confirm is not true && key.IsUsable(now)) await use.RefuseToStopAsync(key, "let it expire", ct);
        var before = Described(key);
        if (form.Name.IsGiven && form.Name.Value!.Trim() is var name && name != key.Name) key.Rename(name, now);
        if (form.Provider.IsGiven) key.Provider = form.Provider.Value;
        if (form.Region.IsGiven) key.Region = form.Region.Value;
        if (form.Notes.IsGiven) key.Notes = form.Notes.Value.NullIfBlank();
        if (form.ExpiresAt.IsGiven) key.ExpiresAt = form.ExpiresAt.Value;
        var after = Described(key);
        if (after == before) return;

        key.Touch(now);
        activity.Record(actor, Actions.KeyChanged, Target.Of(key), before, after);
        await db.SaveUniqueNameAsync("key", ct);
        await transaction.CommitAsync(ct);
    }

    private static void RequireSamePlace(string field, Optional<string> wanted, string? stored)
    {
        if (wanted is { IsGiven: true, Value: { } value } && value != stored)
            throw Refusal.Invalid(field, $"{field} belongs to the stored value, which is not sent anywhere else. Replace the value and name the new {field} with it.");
    }

    private static Description Described(KeyResource key) => new(key.Name, key.Provider, key.Region, key.Notes, key.ExpiresAt);

    private sealed record Description(string Name, string? Provider, string? Region, string? Notes, DateTimeOffset? ExpiresAt);
}
