using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>Agents as they are, held first by whoever is going to write them.</summary>
public sealed class HeldAgents(KeyVaultDb db)
{
    /// <summary>Until the end of the transaction: whoever edits one waits for it, or was waited for.</summary>
    public Task HoldAsync(Guid[] ids, CancellationToken ct) => db.HoldRowsAsync("agents", ids, isShared: false, ct);

    public Task<Dictionary<Guid, AgentSlots>> ReadAsync(Guid[] ids, CancellationToken ct) =>
        db.Database.SqlQueryRaw<AgentSlots>(AgentSlots.Sql).Where(row => EF.Parameter(ids).Contains(row.AgentId)).ToDictionaryAsync(row => row.AgentId, ct);
}
