using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Keys;

/// <summary>The keys that every agent of a key could be moved to: of its kind, usable, and assigned to all their workspaces.</summary>
public sealed class FittingKeys(KeyVaultDb db, TimeProvider clock)
{
    private const int Most = 500;

    public sealed record Row(Guid Id, string Name, string? Provider, string? Last4);

    public async Task<IReadOnlyList<Row>> RunAsync(Guid id, CancellationToken ct)
    {
        var key = await db.FindKeyAsync(id, ct);
        var now = clock.GetUtcNow();
        var users = db.Agents.Where(ReassignAgents.References(key.Kind, id));
        return await db.Keys.AsNoTracking()
            .Where(other => other.Id != id && other.Kind == key.Kind && other.Status == KeyStatus.Active && !(other.ExpiresAt <= now))
            .Where(other => !users.Any(agent => !db.KeyAssignments.Any(assignment => assignment.KeyId == other.Id && assignment.WorkspaceId == agent.WorkspaceId)))
            .OrderBy(other => other.NormalizedName).ThenBy(other => other.Id)
            .Take(Most)
            .Select(other => new Row(other.Id, other.Name, other.Provider, other.Last4))
            .ToListAsync(ct);
    }
}
