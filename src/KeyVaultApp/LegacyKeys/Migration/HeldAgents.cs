using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>Reads agents as they are and keeps them so until the end of the transaction: whoever edits one waits for it, or was waited for.</summary>
public sealed class HeldAgents(KeyVaultDb db)
{
    public async Task<Dictionary<Guid, AgentSlots>> HoldAsync(Guid[] ids, CancellationToken ct)
    {
        await db.HoldRowsAsync("agents", ids, isShared: false, ct);
        return await ReadAsync(ids, ct);
    }

    public Task<Dictionary<Guid, AgentSlots>> ReadAsync(Guid[] ids, CancellationToken ct) =>
        db.Database.SqlQueryRaw<AgentSlots>(AgentSlots.Sql).Where(row => EF.Parameter(ids).Contains(row.AgentId)).ToDictionaryAsync(row => row.AgentId, ct);
}
