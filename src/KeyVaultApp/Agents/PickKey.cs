using FluentValidation;
using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Keys;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Agents;

/// <summary>Several agents pick one key, for the slot of its kind: all of them, or none. Old keys and other slots stay.</summary>
public sealed class PickKey(KeyVaultDb db, KeyUse use, ActivityLog activity, TimeProvider clock)
{
    /// <summary>As many as one page of the list can show: that is what people tick.</summary>
    public const int MostAgents = 200;

    public sealed record Form(Guid? KeyId, IReadOnlyList<Guid>? AgentIds);

    /// <param name="Changed">Agents that name the key now and did not before.</param>
    public sealed record Answer(int Changed);

    private sealed class Validator : AbstractValidator<Form>
    {
        public Validator()
        {
            RuleFor(form => form.AgentIds)
                .Must(ids => ids is { Count: > 0 }).WithMessage("Tick at least one agent.")
                .Must(ids => ids!.Count <= MostAgents).WithMessage($"{{PropertyName}} has more than {MostAgents} entries.");
            RuleFor(form => form.KeyId).NotNull().WithMessage("Choose a key.");
        }
    }

    private static readonly Validator Rules = new();

    public async Task<Answer> RunAsync(Form form, Actor actor, CancellationToken ct)
    {
        Rules.Check(form);
        var (keyId, ids, now) = (form.KeyId!.Value, form.AgentIds!.Distinct().ToList(), clock.GetUtcNow());
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await use.LockAsync([keyId], ct);
        var agents = await db.Agents.WithinReach(actor).Where(agent => ids.Contains(agent.Id)).OrderBy(agent => agent.Id).ToListAsync(ct);
        if (agents.Count != ids.Count) throw Refusal.UnknownIn("agent_ids", "agent_ids names an agent that there is not.");

        var workspaces = agents.Select(agent => agent.WorkspaceId).Distinct().ToList();
        var named = await NamedKeys.LoadAsync(db, [keyId], workspaces, ct);
        foreach (var workspace in workspaces) SlotChanges.Require("key_id", null, named.Find(keyId, workspace), now);

        var kind = named.Find(keyId, workspaces[0])!.Kind;
        var changing = agents.Where(agent => agent.Reference(kind) != keyId).ToList();
        foreach (var agent in changing)
        {
            activity.Record(actor, Actions.AgentChanged, Target.Of(agent), Slot(kind, agent.Reference(kind)), Slot(kind, keyId));
            agent.Select(kind, keyId, now);
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return new Answer(changing.Count);
    }

    private static Dictionary<string, Guid?> Slot(KeyKind kind, Guid? id) => new() { [AgentMembers.ReferenceField(kind)] = id };
}
