using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Keys;

internal static class KeyLookup
{
    public static async Task<KeyResource> FindKeyAsync(this KeyVaultDb db, Guid id, CancellationToken ct) =>
        await db.Keys.SingleOrDefaultAsync(key => key.Id == id, ct) ?? throw Refusal.NotFound("key");

    /// <summary>The row as the caller saw it, or <c>stale_version</c>.</summary>
    public static async Task<KeyResource> FindKeyAsync(this KeyVaultDb db, Guid id, int? version, CancellationToken ct)
    {
        var key = await db.FindKeyAsync(id, ct);
        return key.Version == version ? key : throw Refusal.StaleVersion();
    }

    /// <summary>All of these keys with their assignments, or a refusal.</summary>
    public static async Task<IReadOnlyList<KeyResource>> FindKeysAsync(this KeyVaultDb db, IEnumerable<Guid> ids, CancellationToken ct)
    {
        var distinct = ids.Distinct().ToList();
        var keys = await db.Keys.Include(key => key.Assignments).Where(key => distinct.Contains(key.Id)).OrderBy(key => key.NormalizedName).ToListAsync(ct);
        return keys.Count == distinct.Count ? keys : throw Refusal.Invalid("key_ids", "key_ids names a key that there is not.");
    }

    /// <summary>The ids once each, all of them workspaces there are.</summary>
    public static async Task<IReadOnlyList<Guid>> RequireWorkspacesAsync(this KeyVaultDb db, IEnumerable<Guid> ids, CancellationToken ct)
    {
        var distinct = ids.Distinct().ToList();
        var known = await db.Workspaces.CountAsync(workspace => distinct.Contains(workspace.Id), ct);
        return known == distinct.Count ? distinct : throw UnknownWorkspace();
    }

    public static Refusal UnknownWorkspace() => Refusal.Invalid("workspace_ids", "workspace_ids names a workspace that there is not.");
}
