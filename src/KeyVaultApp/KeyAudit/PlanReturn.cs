using KeyVaultApp.Domain;
using KeyVaultApp.Keys;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.KeyAudit;

/// <summary>A KeyResource to make of what an agent of the workspace holds.</summary>
internal sealed record PlannedKey(string Name, KeyKind Kind, string? Provider, string Fingerprint, Guid WorkspaceId, IReadOnlyList<Guid> Assign);

/// <summary>Workspaces that an existing KeyResource gets.</summary>
internal sealed record PlannedAssignment(Guid KeyId, string Name, KeyKind Kind, string Fingerprint, IReadOnlyList<Guid> Assign);

/// <param name="Unchanged">Keys that are as the workbook wants them already.</param>
internal sealed record ReturnPlan(
    IReadOnlyList<PlannedKey> Create, IReadOnlyList<PlannedAssignment> Assign, int Left, int Unchanged, IReadOnlyList<RowProblem> Problems, IReadOnlyDictionary<Guid, string> Workspaces);

/// <summary>
/// What a returned workbook would do, now. All rows of one key are looked at together, and against what there is: who holds
/// it, which KeyResources hold the same value, which names are taken.
/// </summary>
internal sealed class PlanReturn(KeyVaultDb db, ILegacyKeys legacy, ITestKeys providers, TimeProvider clock)
{
    public async Task<ReturnPlan> RunAsync(ReturnedWorkbook returned, IProgress<string>? progress, CancellationToken ct)
    {
        var problems = returned.Problems.ToList();
        var workspaces = await db.Workspaces.AsNoTracking().ToDictionaryAsync(workspace => workspace.Id, workspace => workspace.Name, ct);
        var rows = new DecideRows(workspaces, providers.Providers, problems).Run(returned.Sheets);
        var groups = rows.GroupBy(row => (row.Kind, row.Fingerprint)).ToList();
        var keys = await KnownKeys.LoadAsync(db, clock.GetUtcNow(), ct);
        var held = await HeldKeys.FindAsync(db, legacy, keys, groups.Select(group => group.Key).ToHashSet(), progress, ct);
        var assigned = await AssignedAsync(groups.SelectMany(group => keys.WithValue(group.Key.Kind, group.Key.Fingerprint)).Select(key => key.Id), ct);

        var names = rows.Select(row => row.Name).OfType<string>().Select(Text.Normalize).ToHashSet(StringComparer.Ordinal);
        var past = await db.PastFingerprintsAsync([.. keys.All.Where(key => names.Contains(Text.Normalize(key.Name))).Select(key => key.Id)], ct);
        var decide = new DecideKeys(keys, held, assigned, past, problems);
        foreach (var group in groups) decide.Add(group.Key.Kind, group.Key.Fingerprint, [.. group]);
        return new ReturnPlan(decide.Create, decide.Assign, decide.Left, decide.Unchanged, [.. problems.OrderBy(problem => problem.Sheet).ThenBy(problem => problem.Row)], workspaces);
    }

    private async Task<ILookup<Guid, Guid>> AssignedAsync(IEnumerable<Guid> keys, CancellationToken ct)
    {
        var ids = keys.Distinct().ToArray();
        var rows = await db.KeyAssignments.AsNoTracking().Where(assignment => EF.Parameter(ids).Contains(assignment.KeyId)).ToListAsync(ct);
        return rows.ToLookup(assignment => assignment.KeyId, assignment => assignment.WorkspaceId);
    }
}
