using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys;

/// <summary>
/// How many slots that have both a legacy key and a reference have the same key twice: the numbers of a <see cref="ShadowCheck"/>
/// without its list. The database groups the slots by what they hold, so each pair is compared once, however many agents have it.
/// </summary>
public sealed class CountShadow(KeyVaultDb db, RecentFingerprints fingerprints)
{
    public sealed record Totals(int Same, int Different);

    private sealed record Slot(Guid WorkspaceId, string Value, string Exact, Guid KeyId);

    /// <param name="workspaces">Null is all of them.</param>
    public async Task<Totals> RunAsync(IReadOnlyCollection<Guid>? workspaces, CancellationToken ct)
    {
        var (same, different, named) = (0, 0, new List<(Guid KeyId, string Reference, int Slots)>());
        foreach (var kind in KeyKinds.All)
        {
            await foreach (var pair in Pairs(kind, workspaces).AsAsyncEnumerable().WithCancellation(ct))
            {
                if (Secret.OrNull(pair.Value) is not { IsBlank: false } value) continue;
                if (fingerprints.Of(kind, value) == pair.Fingerprint) same += pair.Slots;
                else if (value.AsKeyId is { } keyId) named.Add((keyId, pair.Fingerprint, pair.Slots));
                else different += pair.Slots;
            }
        }

        var ids = named.Select(pair => pair.KeyId).Distinct().ToArray();
        var keys = ids is [] ? [] : await db.Keys.Where(key => EF.Parameter(ids).Contains(key.Id)).Select(key => new { key.Id, key.Fingerprint }).ToDictionaryAsync(key => key.Id, key => key.Fingerprint, ct);
        var sameById = named.Where(pair => keys.GetValueOrDefault(pair.KeyId) == pair.Reference).Sum(pair => pair.Slots);
        return new Totals(same + sameById, different + named.Sum(pair => pair.Slots) - sameById);
    }

    /// <param name="Fingerprint">Of the referenced key's current value.</param>
    private sealed record Pair(string Value, string Fingerprint, int Slots);

    private IQueryable<Pair> Pairs(KeyKind kind, IReadOnlyCollection<Guid>? workspaces)
    {
        var slots = db.Database.SqlQueryRaw<Slot>(
            $"""
            SELECT workspace_id AS "WorkspaceId", {kind.Column()} AS "Value", {db.ExactText(kind.Column())} AS "Exact", {kind.ReferenceColumn()} AS "KeyId"
            FROM agents WHERE {kind.Column()} IS NOT NULL AND {kind.ReferenceColumn()} IS NOT NULL
            """);
        if (workspaces?.ToArray() is { } ids) slots = slots.Where(slot => EF.Parameter(ids).Contains(slot.WorkspaceId));
        return
            from pair in slots.GroupBy(slot => new { slot.Exact, slot.KeyId }, (pair, held) => new { pair.KeyId, Value = held.Min(slot => slot.Value), Slots = held.Count() })
            join key in db.Keys on pair.KeyId equals key.Id
            select new Pair(pair.Value, key.Fingerprint, pair.Slots);
    }
}
