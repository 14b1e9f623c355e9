using KeyVaultApp.Domain;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Storage;

/// <summary>The KeyResources and tombstones that some slots name, with the workspaces they are assigned to. No values.</summary>
public sealed class NamedKeys
{
    private readonly Dictionary<Guid, NamedKey> _keys;
    private readonly HashSet<(Guid Key, Guid Workspace)> _assigned;

    private NamedKeys(Dictionary<Guid, NamedKey> keys, HashSet<(Guid Key, Guid Workspace)> assigned)
    {
        _keys = keys;
        _assigned = assigned;
    }

    public static async Task<NamedKeys> LoadAsync(
        KeyVaultDb db, IReadOnlyCollection<Guid> keyIds, IReadOnlyCollection<Guid> workspaceIds, CancellationToken ct)
    {
        if (keyIds.Count == 0) return new NamedKeys([], []);
        // One parameter for all ids, however many: each as its own would be more than SQL Server takes.
        var (ids, workspaces) = (keyIds.ToArray(), workspaceIds.ToArray());
        var keys = await db.Keys.AsNoTracking()
            .Where(key => EF.Parameter(ids).Contains(key.Id))
            .Select(key => new NamedKey(key.Id, key.Name, key.Kind, false, key.Status, key.ExpiresAt, false, key.Last4, key.Fingerprint))
            .ToDictionaryAsync(key => key.Id, ct);
        // By way of the workspace: of two lists on one index SQLite looks up each pair that could be.
        var assigned = await db.KeyAssignments.AsNoTracking()
            .Where(assignment => EF.Parameter(ids).Contains(assignment.KeyId)
                && db.Workspaces.Any(workspace => workspace.Id == assignment.WorkspaceId && EF.Parameter(workspaces).Contains(workspace.Id)))
            .ToListAsync(ct);
        var missing = ids.Where(id => !keys.ContainsKey(id)).ToArray();
        if (missing is not [])
        {
            foreach (var tombstone in await db.KeyTombstones.AsNoTracking().Where(tombstone => EF.Parameter(missing).Contains(tombstone.Id)).ToListAsync(ct))
                keys[tombstone.Id] = NamedKey.Gone(tombstone.Id, tombstone.Kind, tombstone.Name);
        }

        return new NamedKeys(keys, [.. assigned.Select(assignment => (assignment.KeyId, assignment.WorkspaceId))]);
    }

    public NamedKey? Find(Guid keyId, Guid workspaceId) =>
        _keys.TryGetValue(keyId, out var key) ? key with { Assigned = _assigned.Contains((keyId, workspaceId)) } : null;
}
