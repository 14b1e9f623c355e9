using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>How far a run is.</summary>
public sealed class GetRun(KeyVaultDb db, RunOutcomes outcomes, TimeProvider clock)
{
    /// <param name="RollsBack">The run that this one rolls back.</param>
    /// <param name="Request">What somebody asked for and whoever works on it has not yet obeyed.</param>
    /// <param name="Linked">Slots that got a reference.</param>
    /// <param name="Restored">Slots that have again what they had; of a roll-back.</param>
    /// <param name="Created">KeyResources made.</param>
    /// <param name="Assigned">Assignments made.</param>
    /// <param name="Outcomes">How many slots came to what; those that nothing came to are left out.</param>
    /// <param name="Holder">Who works on it, by machine and process.</param>
    /// <param name="Rate">Slots a second, from its start on; of a stream of events: lately.</param>
    /// <param name="ShadowSame">Slots with a legacy key and a reference that are the same key, in the workspaces of the plan, as found at the end.</param>
    public sealed record Answer(
        Guid Id, Guid PlanId, Guid? RollsBack, RunState State, RunRequest Request, RunStep Step, int Total, int Done, int Linked, int Restored, int Created, int Assigned,
        int Skipped, int Failed, IReadOnlyDictionary<string, int> Outcomes, int? ShadowSame, int? ShadowDifferent, string? Error, string? Holder, double? Rate, double? SecondsLeft,
        DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt)
    {
        public bool HasEnded => State.HasEnded();

        public int Came(SlotOutcome outcome) => Outcomes.GetValueOrDefault(Fields.WordOf(outcome));

        public Answer At(double? rate) => this with
        {
            Rate = rate is { } known ? Math.Round(known, 1) : null,
            SecondsLeft = State == RunState.Running && rate is > 0 ? Math.Round((Total - Done) / rate.Value) : null,
        };
    }

    public async Task<Answer> RunAsync(Guid id, CancellationToken ct)
    {
        var run = await db.FindRunAsync(id, ct);
        var holder = await db.MigrationLease.Where(lease => lease.RunId == id).Select(lease => lease.Holder).SingleOrDefaultAsync(ct);
        var answer = Of(run, holder, (await outcomes.OfAsync([run], ct)).GetValueOrDefault(id));
        return answer.At(run.StartedAt is { } started && (run.EndedAt ?? clock.GetUtcNow()) - started is { TotalSeconds: > 0 } took ? run.Done / took.TotalSeconds : null);
    }

    internal static Answer Of(MigrationRun run, string? holder, IReadOnlyDictionary<string, int>? outcomes) => new(
        run.Id, run.PlanId, run.RollsBack, run.State, run.Request, run.Step, run.Total, run.Done,
        run.RollsBack is null ? run.Linked : 0, run.RollsBack is null ? 0 : run.Linked, run.Created, run.Assigned,
        run.Skipped, run.Failed, outcomes ?? new Dictionary<string, int>(), run.ShadowSame, run.ShadowDifferent, run.Error, holder, null, null,
        run.CreatedAt, run.CreatedBy, run.StartedAt, run.EndedAt);
}
