using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using KeyVaultApp.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Keys;

/// <summary>What the pickers of the agent form are filled from: the keys assigned to one workspace, usable or not, by name.</summary>
public sealed class WorkspaceKeys(KeyVaultDb db, TimeProvider clock)
{
    public sealed record Row(Guid Id, string Name, KeyKind Kind, string? Provider, string? Last4, KeyState Status);

    public sealed record Answer(Guid WorkspaceId, IReadOnlyList<Row> Keys);

    public async Task<Answer> RunAsync(Guid workspaceId, string? kind, Actor actor, CancellationToken ct)
    {
        await db.FindWorkspaceAsync(workspaceId, actor, ct);
        var now = clock.GetUtcNow();
        var keys = db.Keys.AsNoTracking().Where(key => key.Assignments.Any(assignment => assignment.WorkspaceId == workspaceId));
        if (Fields.Word<KeyKind>(kind, "kind") is { } wanted) keys = keys.Where(key => key.Kind == wanted);
        var rows = await keys.OrderBy(key => key.NormalizedName).ThenBy(key => key.Id)
            .Select(key => new Row(
                key.Id, key.Name, key.Kind, key.Provider, key.Last4,
                key.Status == KeyStatus.Disabled ? KeyState.Disabled : key.ExpiresAt <= now ? KeyState.Expired : KeyState.Active))
            .ToListAsync(ct);
        return new Answer(workspaceId, rows);
    }
}
