using System.Linq.Expressions;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>The agents behind an item of a plan. Those that have a reference already are counted only.</summary>
public sealed class ListItemAgents(KeyVaultDb db)
{
    /// <param name="Name">Null where the agent was deleted since.</param>
    public sealed record Row(Guid Id, string? Name, string? ExternalId);

    public async Task<Page<Row>> RunAsync(Guid planId, int number, ListQuery list, CancellationToken ct)
    {
        var kind = await db.PlanGroups.Where(group => group.PlanId == planId && group.Number == number).Select(group => (KeyKind?)group.Kind).SingleOrDefaultAsync(ct)
            ?? throw Refusal.NotFound("item");
        var rows =
            from planned in db.PlanAgents.AsNoTracking().Where(agent => agent.PlanId == planId).Where(IsIn(kind, number))
            join agent in db.Agents on planned.AgentId equals agent.Id into found
            from agent in found.DefaultIfEmpty()
            orderby planned.AgentId
            select new Row(planned.AgentId, agent.Name, agent.ExternalId);
        return await rows.ToPageAsync(list, ct);
    }

    private static Expression<Func<PlanAgent, bool>> IsIn(KeyKind kind, int number) => kind switch
    {
        KeyKind.Tts => agent => agent.TtsGroup == number,
        KeyKind.Stt => agent => agent.SttGroup == number,
        _ => agent => agent.ElevenlabsGroup == number,
    };
}
