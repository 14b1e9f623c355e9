using FluentValidation;
using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;

namespace KeyVaultApp.Agents;

public sealed class ChangeAgent(KeyVaultDb db, ILegacyKeys legacy, SlotChanges slots, ActivityLog activity, TimeProvider clock)
{
    public sealed record Form : AgentMembers
    {
        public int? Version { get; init; }

        /// <summary>Slots whose old key is removed.</summary>
        public IReadOnlyList<KeyKind>? ClearKeys { get; init; }
    }

    private sealed class Validator : AgentMembers.Validator<Form>
    {
        public Validator()
        {
            RuleFor(form => form.Version).IsVersion();
            RuleFor(form => form.ClearKeys)
                .Must((form, kinds) => kinds is null || kinds.All(kind => form.NewLegacyKey(kind) is null))
                .WithMessage("{PropertyName} names a slot for which a new key is given as well.");
        }
    }

    private static readonly Validator Rules = new();

    public async Task RunAsync(Guid id, Form form, Actor actor, CancellationToken ct)
    {
        Rules.Check(form);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var agent = await db.FindAgentAsync(id, actor, ct);
        if (agent.Version != form.Version) throw Refusal.StaleVersion();
        var cleared = form.ClearKeys?.Distinct().ToList() ?? [];
        await slots.CheckAsync(agent.WorkspaceId, form, agent, cleared, ct);

        var before = await AgentDescription.OfAsync(agent, legacy, ct);
        var (name, externalId) = (form.Name!.Trim(), form.ExternalId.NullIfBlank());
        if (name != agent.Name || externalId != agent.ExternalId) agent.Describe(name, externalId, clock.GetUtcNow());
        var replaced = await slots.ApplyAsync(agent, form, cleared, isNew: false, ct);
        var after = await AgentDescription.OfAsync(agent, legacy, ct);
        if (after == before && replaced.Count == 0) return;

        activity.Record(actor, Actions.AgentChanged, Target.Of(agent), before, after);
        await db.SaveUniqueExternalIdAsync(ct);
        await transaction.CommitAsync(ct);
    }
}
