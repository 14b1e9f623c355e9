using System.Runtime.CompilerServices;
using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using KeyVaultApp.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys;

/// <summary>
/// Brings agents with their raw keys in from agents.csv. The file is checked as a whole first; then one transaction writes
/// it, or nothing. Run again it finds what it wrote and changes nothing.
/// </summary>
internal sealed class ImportAgents(KeyVaultDb db, ActivityLog activity, TimeProvider clock)
{
    public sealed record Result(long Rows, int WorkspacesCreated, int AgentsCreated, int AgentsUpdated, long Unchanged);

    /// <exception cref="Refusal">The file cannot be imported; the message names lines and columns. Nothing was written.</exception>
    public async Task<Result> RunAsync(string path, Actor actor, ProgressLines progress, CancellationToken ct)
    {
        await using var file = AgentsFile.Open(path);
        var (rows, names) = await CheckAsync(file, progress, ct);

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        db.AllowLongStatements();
        // Two at once would both find that an agent without external_id is missing, and no index would refuse the second.
        await db.HoldNameAsync("agents import", ct);
        await RequireOldColumnsAsync(ct);
        var (workspaces, created) = await WorkspacesAsync(names, ct);
        var table = await FillAsync(file, rows, workspaces, progress, ct);

        var errors = new ImportErrors();
        progress.Tell("looking for agents that are there already");
        await table.MatchAsync(errors, ct);
        await table.FindTwiceAsync(errors, ct);
        errors.Check();

        progress.Tell("writing changes");
        var now = clock.GetUtcNow();
        await table.KeepChangesAsync(ct);
        var updated = await table.UpdateAsync(now, ct);
        progress.Tell("writing new agents");
        var inserted = await table.InsertAsync(now, ct);
        await RequireSamePhasesAsync(workspaces, ct);

        var result = new Result(rows, created, inserted, updated, rows - inserted - updated);
        if (inserted + updated > 0) activity.Record(actor, Actions.AgentsImported, new Target("agent", null, "import"), after: result);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return result;
    }

    /// <returns>How many rows there are, and the workspaces they name: each spelling with the form in which it is compared.</returns>
    private static async Task<(long Rows, Dictionary<string, string> Names)> CheckAsync(AgentsFile file, ProgressLines progress, CancellationToken ct)
    {
        var errors = new ImportErrors();
        var (rows, names) = (0L, new Dictionary<string, string>());
        await foreach (var row in file.ReadAsync(errors, ct))
        {
            if (!names.ContainsKey(row.WorkspaceName)) names.Add(row.WorkspaceName, Text.Normalize(row.WorkspaceName));
            progress.Tell("checked", ++rows);
        }

        errors.Check();
        return (rows, names);
    }

    private async Task RequireOldColumnsAsync(CancellationToken ct)
    {
        if (await db.Rollout.Select(rollout => rollout.LegacyColumns).SingleAsync(ct) != LegacyColumns.Present)
            throw Refusal.Conflict("legacy_closed", "The old key columns are closed, so there is nothing to import into.");
    }

    private sealed record Destination(Guid Id, string NormalizedName, RolloutPhase Phase);

    /// <summary>The workspaces by every spelling in the file; those that are missing are made.</summary>
    private async Task<(Dictionary<string, Destination> BySpelling, int Created)> WorkspacesAsync(Dictionary<string, string> names, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var known = (await DestinationsAsync(ct)).ToDictionary(workspace => workspace.NormalizedName);
        var missing = names.Where(name => !known.ContainsKey(name.Value)).DistinctBy(name => name.Value).ToList();
        if (missing is not [])
        {
            foreach (var (spelling, _) in missing) db.Workspaces.Add(new Workspace(Guid.CreateVersion7(now), spelling, now));
            await db.SaveUniqueNameAsync("workspace", ct);
            known = (await DestinationsAsync(ct)).ToDictionary(workspace => workspace.NormalizedName);
        }

        return (names.ToDictionary(name => name.Key, name => known[name.Value]), missing.Count);
    }

    private Task<List<Destination>> DestinationsAsync(CancellationToken ct) => (
        from workspace in db.Workspaces
        from rollout in db.Rollout
        select new Destination(workspace.Id, workspace.NormalizedName, workspace.Phase ?? rollout.Phase)).ToListAsync(ct);

    /// <summary>The second pass. What the first one let through can only be wrong now if the file is another one, or for its workspace's phase.</summary>
    private async Task<ImportTable> FillAsync(
        AgentsFile file, long expected, Dictionary<string, Destination> workspaces, ProgressLines progress, CancellationToken ct)
    {
        var (rereading, phases, rows) = (new ImportErrors(), new ImportErrors(), 0L);
        var table = await ImportTable.CreateAsync(db, ct);
        await table.FillAsync(RowsAsync(ct), ct);
        file.RequireUnchanged();
        if (rereading.Count > 0 || rows != expected) throw AgentsFile.Changed();
        phases.Check();
        return table;

        async IAsyncEnumerable<(AgentRow Row, Guid NewId, Guid WorkspaceId)> RowsAsync([EnumeratorCancellation] CancellationToken cancelled)
        {
            await foreach (var row in file.ReadAsync(rereading, cancelled))
            {
                if (!workspaces.TryGetValue(row.WorkspaceName, out var workspace)) throw AgentsFile.Changed();
                if (workspace.Phase != RolloutPhase.DirectKeys) RefuseKeys(row, phases);
                progress.Tell("read", ++rows);
                yield return (row, Guid.CreateVersion7(clock.GetUtcNow()), workspace.Id);
            }
        }
    }

    private static void RefuseKeys(AgentRow row, ImportErrors errors)
    {
        foreach (var (index, kind) in KeyKinds.All.Index())
            if (row.Keys[index] is not null)
                errors.Add(row.Line, kind.Column(), "the workspace is past direct_keys: its agents take references, not raw keys.");
    }

    /// <summary>
    /// Nobody may have switched a phase meanwhile. Writing the rows as they are locks them until the commit, which is near,
    /// where a lock from the beginning would hold up every switch for as long as the import takes.
    /// </summary>
    private async Task RequireSamePhasesAsync(Dictionary<string, Destination> before, CancellationToken ct)
    {
        var ids = before.Values.Select(workspace => workspace.Id).Distinct().ToArray();
        await db.Rollout.ExecuteUpdateAsync(set => set.SetProperty(rollout => rollout.Version, rollout => rollout.Version), ct);
        await db.Workspaces.Where(workspace => EF.Parameter(ids).Contains(workspace.Id))
            .ExecuteUpdateAsync(set => set.SetProperty(workspace => workspace.Version, workspace => workspace.Version), ct);
        var after = (await DestinationsAsync(ct)).ToDictionary(workspace => workspace.Id);
        if (before.Values.Any(workspace => after[workspace.Id].Phase != workspace.Phase))
            throw Refusal.Conflict("phase_changed", "The phase of a workspace was switched during the import. Nothing was imported; run it again.");
    }
}
