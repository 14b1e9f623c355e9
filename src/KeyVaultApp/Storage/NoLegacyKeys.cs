using System.Linq.Expressions;
using KeyVaultApp.Domain;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Storage;

/// <summary>The seam when LegacyKeys/ is gone: nothing there to read, and nothing can be written.</summary>
internal sealed class NoLegacyKeys(KeyVaultDb db) : ILegacyKeys
{
    public bool Exist => false;

    public IQueryable<LegacyRow> Rows => db.Database.SqlQueryRaw<LegacyRow>(
        """
        SELECT id AS "AgentId",
               CAST(NULL AS varchar(36)) AS "TtsKey", CAST(NULL AS varchar(36)) AS "SttKey", CAST(NULL AS varchar(36)) AS "ElevenlabsKey",
               CAST(NULL AS varchar(36)) AS "TtsKeyRef", CAST(NULL AS varchar(36)) AS "SttKeyRef", CAST(NULL AS varchar(36)) AS "ElevenlabsKeyRef",
               0 AS "HasTtsKey", 0 AS "HasSttKey", 0 AS "HasElevenlabsKey"
        FROM agents WHERE 1 = 0
        """);

    public string? MakeKeyPage(Guid agentId, KeyKind kind) => null;

    public void CountRead(Guid workspaceId, Guid agentId, KeyKind kind)
    {
    }

    public Task<IReadOnlyList<LegacyReadsOfDay>> ReadsSinceAsync(DateOnly first, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<LegacyReadsOfDay>>([]);

    public Task<IReadOnlyDictionary<Guid, LegacySlots>> DescribeAsync(IReadOnlyCollection<Guid> agentIds, CancellationToken ct, bool findings = false) =>
        Task.FromResult<IReadOnlyDictionary<Guid, LegacySlots>>(new Dictionary<Guid, LegacySlots>());

    public IAsyncEnumerable<(T Row, LegacySlots? Old)> DescribeAsync<T>(
        IQueryable<T> rows, Expression<Func<T, Guid?>> agentId, bool findings, CancellationToken ct) =>
        rows.AsAsyncEnumerable().Select(row => (row, (LegacySlots?)null));

    public Task<IReadOnlyCollection<KeyKind>> WriteAsync(Guid agentId, IReadOnlyDictionary<KeyKind, Secret> values, CancellationToken ct) =>
        throw new InvalidOperationException("There are no old columns to write to.");

    public Task<IReadOnlyList<KeyVersion>> SealAsync(IReadOnlyCollection<LegacyKeyOrder> orders, Actor actor, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<KeyVersion>>([]);
}
