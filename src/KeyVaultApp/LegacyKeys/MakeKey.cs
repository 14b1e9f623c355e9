using FluentValidation;
using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Keys;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using KeyVaultApp.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys;

/// <summary>Which agents with the same raw key get the reference.</summary>
public enum LinkScope
{
    ThisAgent,
    Workspace,
    AllWorkspaces,
}

/// <summary>
/// Makes a KeyResource of an agent's raw key without showing it, byte for byte, and links the agent and, if wanted, all others
/// that hold the same value. So no agent gets another answer. Where there is a key with this value already, that one is used.
/// </summary>
public sealed class MakeKey(KeyVaultDb db, OfferKey offers, NewVersions versions, KeyUse use, LinkAgents link, ActivityLog activity, TimeProvider clock)
{
    /// <param name="Name">Of the key to make.</param>
    /// <param name="KeyId">A key that has this value already, in place of a new one.</param>
    /// <param name="Link">This agent alone where it is left out.</param>
    /// <param name="Confirm">Makes the key though its value looks wrong.</param>
    public sealed record Form(string? Name, string? Provider, string? Region, Guid? KeyId, LinkScope? Link, bool? Confirm);

    /// <param name="Linked">Agents that reference the key now and did not before.</param>
    /// <param name="Assigned">Workspaces that the key was newly assigned to.</param>
    public sealed record Answer(Guid KeyId, string KeyName, bool Created, int Linked, int Assigned);

    private sealed class Validator : AbstractValidator<Form>
    {
        public Validator()
        {
            RuleFor(form => form.Name).IsName(KeyResource.NameMaxLength).When(form => form.KeyId is null);
            RuleFor(form => form.Provider).IsProvider();
            RuleFor(form => form.Region).IsRegion();
        }
    }

    private static readonly Validator Rules = new();

    public async Task<Answer> RunAsync(Guid agentId, KeyKind kind, Form form, Actor actor, CancellationToken ct)
    {
        Rules.Check(form);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var (offer, value) = await offers.ReadAsync(agentId, kind, actor, ct);
        Require(offer, form);

        var now = clock.GetUtcNow();
        var scope = form.Link ?? LinkScope.ThisAgent;
        var workspaces = await link.WorkspacesAsync(offer, value, scope, ct);
        var key = form.KeyId is { } existing ? await ExistingAsync(existing, ct) : await CreateAsync(offer, form, value, actor, now, ct);
        var before = key.Assignments.Select(assignment => assignment.WorkspaceId).ToList();
        var added = workspaces.Except(before).ToList();
        key.Assignments.AddRange(added.Select(workspace => new KeyAssignment { KeyId = key.Id, WorkspaceId = workspace }));
        if (form.KeyId is null)
        {
            activity.Record(actor, Actions.KeyCreated, Target.Of(key), after: new { key.Name, key.Kind, key.Provider, key.Region, key.Last4, WorkspaceIds = added, FromAgentId = agentId, SkipTest = true });
        }
        else if (added is not [])
        {
            key.Touch(now);
            activity.Record(actor, Actions.KeyAssigned, Target.Of(key), new { WorkspaceIds = before }, new { WorkspaceIds = before.Concat(added) });
        }

        await db.SaveUniqueNameAsync("key", ct);
        var linked = await link.RunAsync(offer, value, scope, key.Id, now, ct);
        activity.Record(actor, Actions.AgentsLinked, Target.Of(key), after: new { Agents = linked, Link = scope, FromAgentId = agentId, WorkspaceIds = workspaces });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return new Answer(key.Id, key.Name, form.KeyId is null, linked, added.Count);
    }

    private static void Require(OfferKey.Answer offer, Form form)
    {
        if (form.KeyId is { } id)
        {
            if (offer.Matches.All(match => match.Id != id || match.Status != KeyState.Active))
                throw Refusal.Invalid("key_id", "key_id names no active key with the value of this slot.");
            return;
        }

        if (offer.Matches.FirstOrDefault(match => match.Status == KeyState.Active) is { } there)
            throw new Refusal(RefusalKind.Conflict, "key_exists", $"{there.Name} has this value already. Use that key.")
            {
                Facts = new Dictionary<string, object?> { ["key_id"] = there.Id, ["key_name"] = there.Name },
            };
        if (form.Confirm is true) return;
        if (offer.Findings is not [])
            throw Refusal.Invalid("confirm", $"The value looks wrong: {string.Join(", ", offer.Findings.Select(finding => FindingWords.Of(finding)))}. Confirm to make a key of it as it is.");
        if (offer.Matches is [var stopped, ..])
            throw Refusal.Invalid("confirm", $"{stopped.Name} has this value, and is {Fields.WordOf(stopped.Status)}. Confirm to make another key of it.");
    }

    private async Task<KeyResource> ExistingAsync(Guid id, CancellationToken ct)
    {
        await use.LockAsync([id], ct);
        return (await db.FindKeysAsync([id], ct))[0];
    }

    private async Task<KeyResource> CreateAsync(OfferKey.Answer offer, Form form, Secret value, Actor actor, DateTimeOffset now, CancellationToken ct)
    {
        var key = new KeyResource(Guid.CreateVersion7(now), offer.Kind, form.Name!.Trim(), now) { Provider = form.Provider };
        key.Follow(await versions.SealAsync(key, 1, value, form.Region, actor, ct), now);
        db.Keys.Add(key);
        return key;
    }
}
