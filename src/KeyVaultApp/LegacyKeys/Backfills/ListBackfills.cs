using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Backfills;

/// <summary>The backfills there were, newest first.</summary>
public sealed class ListBackfills(KeyVaultDb db)
{
    /// <param name="Workspace">Null for the installation, and where it was deleted since.</param>
    public sealed record Row(Guid Id, DateTimeOffset At, string By, Guid? WorkspaceId, string? Workspace, int Slots, DateTimeOffset? UndoneAt, string? UndoneBy);

    private static readonly Sorting<Backfill> Sorting = new("-at", ("at", backfill => backfill.At));

    public Task<Page<Row>> RunAsync(ListQuery list, CancellationToken ct) => Rows(Sorting.Apply(db.Backfills.AsNoTracking(), list.Sort, backfill => backfill.Id)).ToPageAsync(list, ct);

    public async Task<Row> OneAsync(Guid id, CancellationToken ct) =>
        await Rows(db.Backfills.AsNoTracking().Where(backfill => backfill.Id == id)).SingleOrDefaultAsync(ct) ?? throw Refusal.NotFound("backfill");

    private IQueryable<Row> Rows(IQueryable<Backfill> backfills) => backfills.Select(backfill => new Row(
        backfill.Id, backfill.At, backfill.By, backfill.WorkspaceId,
        db.Workspaces.Where(workspace => workspace.Id == backfill.WorkspaceId).Select(workspace => workspace.Name).SingleOrDefault(),
        backfill.Slots, backfill.UndoneAt, backfill.UndoneBy));
}
