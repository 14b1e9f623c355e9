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
    private const int NamedAtOnce = 5000;

    public sealed record Totals(int Same, int Different);

    // No records: those would tell their values to whoever turns them into text.
    private sealed class Slot
    {
        public Guid WorkspaceId { get; init; }
        public required string Value { get; init; }
        public required string Exact { get; init; }
        public Guid KeyId { get; init; }
    }

    private sealed class Pair
    {
        public required string Value { get; init; }
        public Guid KeyId { get; init; }

        /// <summary>Of the referenced key's current value.</summary>
        public required string Fingerprint { get; init; }
        public int Slots { get; init; }
    }

    /// <summary>An old column that has the form of a KeyResource's id, and may be one.</summary>
    private readonly record struct Named(Guid LegacyKeyId, Guid KeyId, bool HasSameText, int Slots);

    /// <param name="workspaces">Null is all of them.</param>
    public async Task<Totals> RunAsync(IReadOnlyCollection<Guid>? workspaces, CancellationToken ct)
    {
        db.AllowLongStatements();
        var (same, different, named) = (0, 0, new List<Named>());
        foreach (var kind in KeyKinds.All)
        {
            await foreach (var pair in Pairs(kind, workspaces).AsAsyncEnumerable().WithCancellation(ct))
            {
                if (Secret.OrNull(pair.Value) is not { IsBlank: false } value) continue;
                var hasSameText = fingerprints.Of(kind, value) == pair.Fingerprint;
                if (value.AsKeyId is { } id) named.Add(new Named(id, pair.KeyId, hasSameText, pair.Slots));
                else if (hasSameText) same += pair.Slots;
                else different += pair.Slots;
            }
        }

        foreach (var some in named.Chunk(NamedAtOnce))
        {
            var keys = await NamedKeys.LoadAsync(db, [.. some.SelectMany(one => new[] { one.LegacyKeyId, one.KeyId }).Distinct()], [], ct);
            foreach (var one in some)
            {
                var byId = keys.Find(one.LegacyKeyId, Guid.Empty);
                var isSame = byId is null ? one.HasSameText : byId.Fingerprint == keys.Find(one.KeyId, Guid.Empty)?.Fingerprint;
                if (isSame) same += one.Slots;
                else different += one.Slots;
            }
        }

        return new Totals(same, different);
    }

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
            select new Pair { Value = pair.Value, KeyId = pair.KeyId, Fingerprint = key.Fingerprint, Slots = pair.Slots };
    }
}
