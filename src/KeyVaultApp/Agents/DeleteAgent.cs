using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;

namespace KeyVaultApp.Agents;

public sealed class DeleteAgent(KeyVaultDb db, ILegacyKeys legacy, ActivityLog activity)
{
    public async Task RunAsync(Guid id, Actor actor, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var agent = await db.FindAgentAsync(id, actor, ct);
        activity.Record(actor, Actions.AgentDeleted, Target.Of(agent), before: await AgentDescription.OfAsync(agent, legacy, ct));
        db.Agents.Remove(agent);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}
