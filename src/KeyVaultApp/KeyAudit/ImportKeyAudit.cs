using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Keys;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.KeyAudit;

/// <summary>
/// Takes a filled-in workbook back: makes KeyResources out of keys that agents hold, and assigns them. All of it or nothing.
/// The same workbook a second time changes nothing.
/// </summary>
public sealed class ImportKeyAudit(KeyVaultDb db, ILegacyKeys legacy, ITestKeys providers, KeyUse use, ActivityLog activity, TimeProvider clock)
{
    public const string RefusedCode = "audit_refused";

    private const int MostProblemsTold = 100;

    public sealed record CreatedKey(string Name, KeyKind Kind, string? Provider, string Fingerprint, IReadOnlyList<string> Workspaces);

    public sealed record AssignedKey(Guid Id, string Name, KeyKind Kind, IReadOnlyList<string> Workspaces);

    /// <param name="Applied">False for a preview.</param>
    /// <param name="Assigned">Existing keys, with the workspaces that they get.</param>
    /// <param name="Left">Rows that say so.</param>
    /// <param name="Unchanged">Keys that are as the workbook wants them already.</param>
    /// <param name="ProblemCount">How many there are; <paramref name="Problems"/> has the first of them.</param>
    public sealed record Answer(
        bool Applied, IReadOnlyList<CreatedKey> Created, IReadOnlyList<AssignedKey> Assigned, int Left, int Unchanged, int ProblemCount, IReadOnlyList<RowProblem> Problems);

    /// <param name="file">Seekable.</param>
    /// <param name="dryRun">Tells what would happen, problems and all; nothing is written.</param>
    /// <exception cref="Refusal">The file is not one of ours, or a row cannot be taken.</exception>
    public Task<Answer> RunAsync(Stream file, bool dryRun, Actor actor, IProgress<string>? progress, CancellationToken ct) =>
        RunAsync(ReadReturn.Run(file), dryRun, actor, progress, ct);

    internal async Task<Answer> RunAsync(ReturnedWorkbook returned, bool dryRun, Actor actor, IProgress<string>? progress, CancellationToken ct)
    {
        var plan = await new PlanReturn(db, legacy, providers, clock).RunAsync(returned, progress, ct);
        if (dryRun) return Told(plan, applied: false);
        if (plan.Problems is not []) throw Refused(plan.Problems);
        if (plan.Create is not [] || plan.Assign is not []) await ApplyAsync(plan, actor, ct);
        return Told(plan, applied: true);
    }

    /// <summary>Every row that cannot be taken, by its place.</summary>
    public static Refusal Refused(IReadOnlyList<RowProblem> problems)
    {
        const int lines = 20;
        var more = problems.Count > lines ? $"\nand {problems.Count - lines} more." : "";
        return new Refusal(RefusalKind.Conflict, RefusedCode, $"{string.Join('\n', problems.Take(lines))}{more}\nNothing was applied.")
        {
            Facts = new Dictionary<string, object?> { ["total"] = problems.Count, ["problems"] = problems.Take(MostProblemsTold) },
        };
    }

    private async Task ApplyAsync(ReturnPlan plan, Actor actor, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await use.LockAsync(plan.Assign.Select(assignment => assignment.KeyId), ct);
        await CreateAsync(plan.Create, actor, now, ct);
        await AssignAsync(plan.Assign, actor, now, ct);
        await TouchAsync(plan, now, ct);
        activity.Record(actor, Actions.KeyAuditImported, new Target("key_audit", null, "import"), after: new
        {
            Created = plan.Create.Count,
            Assigned = plan.Assign.Count,
            plan.Left,
            plan.Unchanged,
        });
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException exception) when (db.IsUniqueViolation(exception) || db.IsForeignKeyViolation(exception))
        {
            throw Meanwhile();
        }

        await transaction.CommitAsync(ct);
    }

    private async Task CreateAsync(IReadOnlyList<PlannedKey> planned, Actor actor, DateTimeOffset now, CancellationToken ct)
    {
        var orders = planned.Select(one => (
            Planned: one, Order: new LegacyKeyOrder(new KeyResource(Guid.CreateVersion7(now), one.Kind, one.Name, now) { Provider = one.Provider }, one.WorkspaceId, one.Fingerprint))).ToList();
        var versions = (await legacy.SealAsync([.. orders.Select(order => order.Order)], actor, ct)).ToDictionary(version => version.KeyId);
        foreach (var (one, order) in orders)
        {
            var key = order.Key;
            key.Follow(versions.GetValueOrDefault(key.Id) ?? throw Meanwhile(), now);
            key.Assignments.AddRange(one.Assign.Select(workspace => new KeyAssignment { KeyId = key.Id, WorkspaceId = workspace }));
            db.Keys.Add(key);
            activity.Record(actor, Actions.KeyCreated, Target.Of(key), after: new
            {
                key.Name,
                key.Kind,
                key.Provider,
                key.Last4,
                WorkspaceIds = one.Assign,
                SkipTest = true,
                From = "key_audit",
            });
        }
    }

    private async Task AssignAsync(IReadOnlyList<PlannedAssignment> planned, Actor actor, DateTimeOffset now, CancellationToken ct)
    {
        var ids = planned.Select(one => one.KeyId).ToArray();
        var keys = ids is [] ? [] : await db.Keys.Include(key => key.Assignments).Where(key => EF.Parameter(ids).Contains(key.Id)).ToDictionaryAsync(key => key.Id, ct);
        foreach (var one in planned)
        {
            // Locked now: it may be gone, hold another value, or have got the workspaces meanwhile.
            if (!keys.TryGetValue(one.KeyId, out var key) || key.Fingerprint != one.Fingerprint) throw Meanwhile();
            var before = key.Assignments.Select(assignment => assignment.WorkspaceId).ToList();
            var added = one.Assign.Except(before).ToList();
            if (added is []) continue;
            key.Assignments.AddRange(added.Select(workspace => new KeyAssignment { KeyId = key.Id, WorkspaceId = workspace }));
            key.Touch(now);
            activity.Record(actor, Actions.KeyAssigned, Target.Of(key), new { WorkspaceIds = before }, new { WorkspaceIds = before.Concat(added) });
        }
    }

    /// <summary>The workspaces' own pages show the same assignments under the workspace's version.</summary>
    private async Task TouchAsync(ReturnPlan plan, DateTimeOffset now, CancellationToken ct)
    {
        var ids = plan.Create.SelectMany(one => one.Assign).Concat(plan.Assign.SelectMany(one => one.Assign)).Distinct().ToArray();
        foreach (var workspace in await db.Workspaces.Where(workspace => EF.Parameter(ids).Contains(workspace.Id)).ToListAsync(ct)) workspace.Touch(now);
    }

    private static Refusal Meanwhile() => Refusal.Conflict(
        "changed_meanwhile", "A key, a name or a workspace that this depends on was changed while the workbook was applied. Nothing was applied; upload it again to see where.");

    private static Answer Told(ReturnPlan plan, bool applied)
    {
        string[] Names(IReadOnlyList<Guid> ids) => [.. ids.Select(id => plan.Workspaces[id]).Order(StringComparer.OrdinalIgnoreCase)];
        return new Answer(
            applied,
            [.. plan.Create.Select(one => new CreatedKey(one.Name, one.Kind, one.Provider, one.Fingerprint, Names(one.Assign)))],
            [.. plan.Assign.Select(one => new AssignedKey(one.KeyId, one.Name, one.Kind, Names(one.Assign)))],
            plan.Left, plan.Unchanged, plan.Problems.Count, [.. plan.Problems.Take(MostProblemsTold)]);
    }
}
