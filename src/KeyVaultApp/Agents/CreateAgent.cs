using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using KeyVaultApp.Workspaces;

namespace KeyVaultApp.Agents;

public sealed class CreateAgent(KeyVaultDb db, ILegacyKeys legacy, SlotChanges slots, ActivityLog activity, TimeProvider clock)
{
    public sealed record Form : AgentMembers;

    private static readonly AgentMembers.Validator<Form> Rules = new();

    public async Task<Guid> RunAsync(Guid workspaceId, Form form, Actor actor, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var id = await AddAsync(workspaceId, form, actor, ct);
        await transaction.CommitAsync(ct);
        return id;
    }

    /// <summary>The same within a transaction of the caller's.</summary>
    internal async Task<Guid> AddAsync(Guid workspaceId, Form form, Actor actor, CancellationToken ct)
    {
        Rules.Check(form);
        await db.FindWorkspaceAsync(workspaceId, actor, ct);
        await slots.CheckAsync(workspaceId, form, before: null, cleared: [], ct);

        var now = clock.GetUtcNow();
        var agent = new Agent(Guid.CreateVersion7(now), workspaceId, form.Name!.Trim(), form.ExternalId.NullIfBlank(), now);
        db.Agents.Add(agent);
        await slots.ApplyAsync(agent, form, cleared: [], isNew: true, ct);
        await db.SaveUniqueExternalIdAsync(ct);
        activity.Record(actor, Actions.AgentCreated, Target.Of(agent), after: await AgentDescription.OfAsync(agent, legacy, ct));
        await db.SaveChangesAsync(ct);
        return agent.Id;
    }
}
