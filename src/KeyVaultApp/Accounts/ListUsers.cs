using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Accounts;

public sealed class ListUsers(KeyVaultDb db, TimeProvider clock)
{
    /// <param name="Workspaces">Of the role user; the other roles reach every workspace and are members of none.</param>
    /// <param name="LockedUntil">Too many wrong passwords; null where they may try.</param>
    public sealed record Row(
        Guid Id, string Email, Role Role, IReadOnlyList<WorkspaceName> Workspaces,
        DateTimeOffset CreatedAt, DateTimeOffset? LockedUntil, DateTimeOffset? DisabledAt);

    private static readonly Sorting<User> Sorting = new("email", ("email", user => user.NormalizedEmail), ("created_at", user => user.CreatedAt));

    public Task<Page<Row>> RunAsync(ListQuery list, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var rows = db.Users.AsNoTracking();
        if (list.Needle is { } needle)
        {
            var normalized = Text.Normalize(needle);
            rows = rows.Where(user => user.NormalizedEmail!.Contains(normalized));
        }

        return Sorting.Apply(rows, list.Sort, user => user.Id).Select(user => new Row(
            user.Id,
            user.Email!,
            user.Role,
            db.WorkspaceMembers
                .Where(member => member.UserId == user.Id)
                .Join(db.Workspaces, member => member.WorkspaceId, workspace => workspace.Id, (_, workspace) => workspace)
                .OrderBy(workspace => workspace.NormalizedName)
                .Select(workspace => new WorkspaceName(workspace.Id, workspace.Name))
                .ToList(),
            user.CreatedAt,
            user.LockoutEnd > now ? user.LockoutEnd : null,
            user.DisabledAt)).ToPageAsync(list, ct);
    }
}
