using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Activity;

/// <summary>Which of the things that entries tell of are still there, so that a page can lead to them.</summary>
public sealed class StandingTargets(KeyVaultDb db)
{
    public async Task<IReadOnlySet<Guid>> OfAsync(IEnumerable<ListActivity.Row> entries, CancellationToken ct)
    {
        var ids = entries.Select(entry => entry.TargetId).OfType<Guid>().Distinct().ToList();
        var standing = db.Keys.Where(key => ids.Contains(key.Id)).Select(key => key.Id)
            .Concat(db.Agents.Where(agent => ids.Contains(agent.Id)).Select(agent => agent.Id))
            .Concat(db.Workspaces.Where(workspace => ids.Contains(workspace.Id)).Select(workspace => workspace.Id));
        HashSet<Guid> found = ids.Count == 0 ? [] : [.. await standing.ToListAsync(ct)];
        return found;
    }

    /// <summary>The address of a target's page; null where it has none, or is gone.</summary>
    public static string? Address(ListActivity.Row entry, IReadOnlySet<Guid> standing) => (entry.TargetKind, entry.TargetId) switch
    {
        ("rollout", _) => "/rollout",
        ("key_audit", _) => "/key-audit",
        ("backfill", _) => "/rollout/backfills",
        ("key", { } id) when standing.Contains(id) => $"/keys/{id}",
        ("agent", { } id) when standing.Contains(id) => $"/agents/{id}",
        ("workspace", { } id) when standing.Contains(id) => $"/workspaces/{id}",
        _ => null,
    };
}
