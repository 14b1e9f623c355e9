using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>Why slots could not be linked, as their KeyResources are now.</summary>
public sealed class KeyProblems(KeyVaultDb db, TimeProvider clock)
{
    public async Task<IReadOnlyDictionary<(Guid AgentId, KeyKind Kind), string>> OfAsync(MigrationRun run, IReadOnlyCollection<(Guid AgentId, KeyKind Kind)> slots, CancellationToken ct)
    {
        if (slots.Count == 0) return new Dictionary<(Guid, KeyKind), string>();
        var ids = slots.Select(slot => slot.AgentId).Distinct().ToArray();
        var planned = await db.PlanAgents.AsNoTracking().Where(agent => agent.PlanId == run.PlanId && EF.Parameter(ids).Contains(agent.AgentId)).ToDictionaryAsync(agent => agent.AgentId, ct);
        var numbers = slots.ToDictionary(slot => slot, slot => Number(planned[slot.AgentId], slot.Kind));
        var wanted = numbers.Values.Distinct().ToArray();
        var groups = await (
            from plan in db.PlanGroups
            where plan.PlanId == run.PlanId && EF.Parameter(wanted).Contains(plan.Number)
            join made in db.RunKeys on new { RunId = run.Id, plan.Kind, plan.Fingerprint } equals new { made.RunId, made.Kind, made.Fingerprint } into all
            from made in all.DefaultIfEmpty()
            select new { Plan = plan, KeyId = plan.Action == PlanAction.Create ? made!.KeyId : plan.KeyId }).ToDictionaryAsync(row => row.Plan.Number, ct);
        var keys = await NamedKeys.LoadAsync(
            db, [.. groups.Values.Select(row => row.KeyId).OfType<Guid>().Distinct()], [.. groups.Values.Select(row => row.Plan.WorkspaceId).Distinct()], ct);
        var now = clock.GetUtcNow();
        return numbers.ToDictionary(slot => slot.Key, slot =>
        {
            var group = groups[slot.Value];
            return group.KeyId is { } id
                ? Why(keys.Find(id, group.Plan.WorkspaceId), group.Plan, now)
                : $"No key could be made of it: the name {group.Plan.KeyName} was taken.";
        });
    }

    private static int Number(PlanAgent agent, KeyKind kind) => (kind switch
    {
        KeyKind.Tts => agent.TtsGroup,
        KeyKind.Stt => agent.SttGroup,
        _ => agent.ElevenlabsGroup,
    })!.Value;

    private static string Why(NamedKey? key, PlanGroup plan, DateTimeOffset now) => (key ?? NamedKey.Gone(Guid.Empty, plan.Kind, "")).WhyNot(plan.Kind, now) switch
    {
        UnavailableReason.Deleted => "The key was deleted.",
        UnavailableReason.WrongKind => $"{key!.Name} is a key of another kind.",
        UnavailableReason.Disabled => $"{key!.Name} is disabled.",
        UnavailableReason.Expired => $"{key!.Name} has expired.",
        UnavailableReason.NotAssigned => $"{key!.Name} is not assigned to the workspace.",
        _ when key!.Fingerprint != plan.Fingerprint => $"{key.Name} has another value by now.",
        _ => $"{key.Name} could not be used at that time.",
    };
}
