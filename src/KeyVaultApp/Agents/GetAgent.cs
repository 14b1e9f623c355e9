using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Agents;

public sealed class GetAgent(KeyVaultDb db, AgentRows rows)
{
    public async Task<AgentRow> RunAsync(Guid id, Actor actor, CancellationToken ct)
    {
        var agent = await db.Agents.AsNoTracking().WithinReach(actor).Include(agent => agent.Workspace).SingleOrDefaultAsync(agent => agent.Id == id, ct)
            ?? throw Refusal.NotFound("agent");
        return (await rows.OfAsync([agent], ct))[0];
    }
}
