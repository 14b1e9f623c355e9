using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Accounts;

public sealed class GetUser(KeyVaultDb db, TimeProvider clock)
{
    public sealed record Row(
        Guid Id, string Email, Role Role, IReadOnlyList<WorkspaceName> Workspaces,
        DateTimeOffset CreatedAt, DateTimeOffset? LockedUntil, DateTimeOffset? DisabledAt, bool HasSecondFactor, string Stamp);

    public async Task<Row> RunAsync(Guid id, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return await db.Users.AsNoTracking().Where(user => user.Id == id).Select(user => new Row(
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
            user.DisabledAt,
            user.TwoFactorEnabled,
            user.ConcurrencyStamp!)).SingleOrDefaultAsync(ct) ?? throw Refusal.NotFound("user");
    }
}
