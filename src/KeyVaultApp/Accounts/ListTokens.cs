using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Accounts;

public sealed class ListTokens(KeyVaultDb db, TimeProvider clock)
{
    public enum State
    {
        Active,
        Expired,
        Revoked,
    }

    /// <param name="Workspaces">Those it was made for; none where it reaches all of them.</param>
    public sealed record Row(
        Guid Id, string Name, Role Role, State State, bool AllWorkspaces, IReadOnlyList<WorkspaceName> Workspaces,
        DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt);

    private static readonly Sorting<AccessToken> Sorting = new(
        "name",
        ("name", token => token.Name),
        ("created_at", token => token.CreatedAt),
        ("expires_at", token => token.ExpiresAt));

    public Task<Page<Row>> RunAsync(ListQuery list, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var rows = db.AccessTokens.AsNoTracking();
        if (list.Needle?.ToUpperInvariant() is { } needle)
            rows = rows.Where(token => token.Name.ToUpper().Contains(needle));

        return Sorting.Apply(rows, list.Sort, token => token.Id).Select(token => new Row(
            token.Id,
            token.Name,
            token.Role,
            token.RevokedAt != null ? State.Revoked : token.ExpiresAt <= now ? State.Expired : State.Active,
            token.AllWorkspaces,
            token.Workspaces
                .Join(db.Workspaces, scope => scope.WorkspaceId, workspace => workspace.Id, (_, workspace) => workspace)
                .OrderBy(workspace => workspace.NormalizedName)
                .Select(workspace => new WorkspaceName(workspace.Id, workspace.Name))
                .ToList(),
            token.CreatedAt,
            token.CreatedBy,
            token.ExpiresAt,
            token.RevokedAt)).ToPageAsync(list, ct);
    }
}
