using System.Globalization;
using System.Runtime.InteropServices;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Rollout;

/// <summary>
/// How many of the distinct legacy keys of each workspace and kind have a usable KeyResource assigned there: phase 1 is complete
/// where all have. Told apart by fingerprint; memory grows with the distinct keys, and not with the agents that hold them.
/// </summary>
public sealed class Coverage(KeyVaultDb db, ILegacyKeys legacy, TimeProvider clock)
{
    private const int BatchSize = 1000;

    /// <param name="Distinct">Different legacy keys that agents of the workspace hold in slots of this kind.</param>
    /// <param name="Assigned">Those of them that have a usable key assigned to the workspace.</param>
    public sealed record Row(Guid WorkspaceId, string Workspace, KeyKind Kind, int Distinct, int Assigned)
    {
        internal bool IsComplete => Assigned == Distinct;
    }

    /// <returns>What lacks something first, then by name.</returns>
    public async Task<IReadOnlyList<Row>> OfAsync(IQueryable<Workspace> workspaces, CancellationToken ct)
    {
        if (!legacy.Exist) return [];
        var held = await HeldAsync(workspaces, ct);
        var assigned = await AssignedAsync(held, workspaces, ct);
        var names = await workspaces.AsNoTracking().ToDictionaryAsync(workspace => workspace.Id, workspace => workspace.Name, ct);
        return [.. held
            .CountBy(key => (key.WorkspaceId, key.Kind))
            .Select(count => new Row(count.Key.WorkspaceId, names.GetValueOrDefault(count.Key.WorkspaceId, ""), count.Key.Kind, count.Value, assigned.GetValueOrDefault(count.Key)))
            .OrderBy(row => row.IsComplete).ThenBy(row => Text.Normalize(row.Workspace), StringComparer.Ordinal).ThenBy(row => row.WorkspaceId).ThenBy(row => row.Kind)];
    }

    /// <summary>A key that a workspace holds: by the whole fingerprint, as a number, since there may be very many.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Held(Guid WorkspaceId, KeyKind Kind, UInt128 High, UInt128 Low)
    {
        public static Held Of(Guid workspaceId, KeyKind kind, string fingerprint) => new(workspaceId, kind, Half(fingerprint[..32]), Half(fingerprint[32..]));

        private static UInt128 Half(string hex) => UInt128.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    private async Task<HashSet<Held>> HeldAsync(IQueryable<Workspace> workspaces, CancellationToken ct)
    {
        var held = new HashSet<Held>();
        var agents =
            from agent in db.Agents
            where workspaces.Any(workspace => workspace.Id == agent.WorkspaceId)
            join row in legacy.Rows on agent.Id equals row.AgentId
            where row.HasTtsKey == 1 || row.HasSttKey == 1 || row.HasElevenlabsKey == 1
            orderby agent.Id
            select new { agent.Id, agent.WorkspaceId };
        for (var last = Guid.Empty; ;)
        {
            var after = last;
            var batch = await agents.Where(agent => agent.Id > after).Take(BatchSize).ToListAsync(ct);
            if (batch is []) return held;
            last = batch[^1].Id;

            var old = await legacy.DescribeAsync([.. batch.Select(agent => agent.Id)], ct);
            Guid[] named = [.. old.Values.SelectMany(agent => agent.ByKind.Values).Select(slot => slot.KeyId).OfType<Guid>().Distinct()];
            var keys = await NamedKeys.LoadAsync(db, named, [.. batch.Select(agent => agent.WorkspaceId).Distinct()], ct);
            foreach (var agent in batch.Where(agent => old.ContainsKey(agent.Id)))
                foreach (var (kind, slot) in old[agent.Id].ByKind)
                    // The id of a key in an old column is no legacy key: nothing is to be made of it.
                    if (slot.KeyId is not { } id || keys.Find(id, agent.WorkspaceId) is null)
                        held.Add(Held.Of(agent.WorkspaceId, kind, slot.Fingerprint));
        }
    }

    private async Task<Dictionary<(Guid WorkspaceId, KeyKind Kind), int>> AssignedAsync(IReadOnlySet<Held> held, IQueryable<Workspace> workspaces, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var usable =
            from key in db.Keys
            where key.Status == KeyStatus.Active && (key.ExpiresAt == null || key.ExpiresAt > now)
            join assignment in db.KeyAssignments on key.Id equals assignment.KeyId
            where workspaces.Any(workspace => workspace.Id == assignment.WorkspaceId)
            select new { assignment.WorkspaceId, key.Kind, key.Fingerprint };
        var found = new HashSet<Held>();
        await foreach (var key in usable.AsAsyncEnumerable().WithCancellation(ct))
            if (Held.Of(key.WorkspaceId, key.Kind, key.Fingerprint) is var one && held.Contains(one))
                found.Add(one);
        return found.CountBy(key => (key.WorkspaceId, key.Kind)).ToDictionary();
    }
}
