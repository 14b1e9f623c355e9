using System.Runtime.CompilerServices;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys;

/// <summary>
/// The agents with something in an old column, by id: one statement a page and one page in memory, each beginning where the
/// last one ended, so that the time is linear however large the fleet.
/// </summary>
public sealed class Fleet(KeyVaultDb db)
{
    private const int PageSize = 5000;

    /// <param name="workspaceIds">Of these workspaces; null is all.</param>
    public async IAsyncEnumerable<IReadOnlyList<AgentSlots>> PagesAsync(IReadOnlyCollection<Guid>? workspaceIds, [EnumeratorCancellation] CancellationToken ct)
    {
        var rows = db.Database.SqlQueryRaw<AgentSlots>(AgentSlots.Sql).Where(row => row.TtsKey != null || row.SttKey != null || row.ElevenlabsKey != null);
        if (workspaceIds?.ToArray() is { } ids) rows = rows.Where(row => EF.Parameter(ids).Contains(row.WorkspaceId));
        for (var last = Guid.Empty; ;)
        {
            var from = last;
            var page = await rows.Where(row => row.AgentId > from).OrderBy(row => row.AgentId).Take(PageSize).ToListAsync(ct);
            if (page is []) yield break;
            yield return page;
            last = page[^1].AgentId;
        }
    }
}
