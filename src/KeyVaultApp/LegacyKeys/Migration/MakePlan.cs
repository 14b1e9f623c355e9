using FluentValidation;
using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>
/// The dry run: reads every agent with a legacy key, says what would be done about each key, and writes nothing but that.
/// What people change meanwhile is no harm: a run takes each agent only as the plan saw it.
/// </summary>
public sealed class MakePlan(KeyVaultDb db, Fleet fleet, RecentFingerprints fingerprints, Hygiene hygiene, ActivityLog activity, TimeProvider clock)
{
    private const int MostWorkspaces = 10_000;

    /// <param name="WorkspaceIds">Null plans for the installation.</param>
    public sealed record Form(IReadOnlyList<Guid>? WorkspaceIds);

    public sealed record Answer(Guid Id, string Hash, PlanCounts Counts);

    private sealed class Validator : AbstractValidator<Form>
    {
        public Validator() => RuleFor(form => form.WorkspaceIds)
            .Must(ids => ids is null or { Count: > 0 }).WithMessage("{PropertyName} is empty. Name a workspace, or leave the field out to plan for all.")
            .Must(ids => ids is null || ids.Count <= MostWorkspaces).WithMessage($"{{PropertyName}} has more than {MostWorkspaces} entries.");
    }

    private static readonly Validator Rules = new();

    /// <param name="progress">Told how far it is.</param>
    public async Task<Answer> RunAsync(Form form, Actor actor, CancellationToken ct, ProgressLines? progress = null)
    {
        Rules.Check(form);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.Rollout.Select(rollout => rollout.LegacyColumns).SingleAsync(ct) != LegacyColumns.Present)
            throw Refusal.Conflict("legacy_closed", "The old key columns are closed, so there is nothing to migrate.");

        var workspaces = await WorkspacesAsync(form.WorkspaceIds, ct);
        var plan = await BeginAsync(form.WorkspaceIds is null, workspaces.Keys, actor, ct);
        var keys = new GroupedKeys(plan.Id, await KnownKeys.LoadAsync(db, plan.CreatedAt, ct), workspaces, fingerprints, hygiene);
        using (var content = PlanHash.OfContent())
        {
            await ReadAgentsAsync(plan, workspaces, keys, content, progress, ct);
            var groups = keys.Finish();
            await db.BulkInsertAsync(groups, ct);
            content.AddFound(groups);
            plan.ContentHash = content.Finish();
            using var decisions = PlanHash.OfDecisions(plan.ContentHash);
            foreach (var group in groups) decisions.AddDecided(group);
            plan.Hash = decisions.Finish();
        }

        var counts = await PlanCounts.ReadAsync(db, plan.Id, ct);
        activity.Record(actor, Actions.PlanMade, PlanLookup.TargetOf(plan), after: new
        {
            plan.Hash,
            WorkspaceIds = plan.AllWorkspaces ? null : plan.Workspaces.Select(workspace => workspace.WorkspaceId),
            Counts = counts,
        });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return new Answer(plan.Id, plan.Hash, counts);
    }

    private async Task<Dictionary<Guid, PlannedWorkspace>> WorkspacesAsync(IReadOnlyList<Guid>? ids, CancellationToken ct)
    {
        var wanted = ids?.Distinct().ToArray();
        var workspaces = db.Workspaces.AsNoTracking();
        if (wanted is not null) workspaces = workspaces.Where(workspace => EF.Parameter(wanted).Contains(workspace.Id));
        var installation = await db.Rollout.Select(rollout => rollout.Phase).SingleAsync(ct);
        var found = await workspaces.ToDictionaryAsync(workspace => workspace.Id, workspace => new PlannedWorkspace(workspace.Name, workspace.Phase ?? installation), ct);
        return wanted is null || found.Count == wanted.Length ? found : throw Refusal.Invalid("workspace_ids", "workspace_ids names a workspace that there is not.");
    }

    /// <summary>The plan's row goes first: the others point to it.</summary>
    private async Task<MigrationPlan> BeginAsync(bool allWorkspaces, IEnumerable<Guid> workspaceIds, Actor actor, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var plan = new MigrationPlan
        {
            Id = Guid.CreateVersion7(now),
            CreatedAt = now,
            CreatedBy = actor.Name,
            AllWorkspaces = allWorkspaces,
            ContentHash = "",
            Hash = "",
        };
        if (!allWorkspaces) plan.Workspaces.AddRange(workspaceIds.Select(id => new PlanWorkspace { PlanId = plan.Id, WorkspaceId = id }));
        db.MigrationPlans.Add(plan);
        await db.SaveChangesAsync(ct);
        return plan;
    }

    /// <summary>A page is read to its end before it is written: a connection does one of the two at a time.</summary>
    private async Task ReadAgentsAsync(
        MigrationPlan plan, Dictionary<Guid, PlannedWorkspace> workspaces, GroupedKeys keys, PlanHash content, ProgressLines? progress, CancellationToken ct)
    {
        var read = 0L;
        await foreach (var page in fleet.PagesAsync(plan.AllWorkspaces ? null : workspaces.Keys, ct))
        {
            // A workspace that was made since this began is not part of the plan.
            var agents = page.Where(row => workspaces.ContainsKey(row.WorkspaceId)).Select(keys.Add).OfType<PlanAgent>().ToList();
            foreach (var agent in agents) content.Add(agent);
            await db.BulkInsertAsync(agents, ct);
            read += page.Count;
            progress?.Tell($"read {read:N0} agents with {keys.Slots:N0} legacy keys");
        }
    }
}
