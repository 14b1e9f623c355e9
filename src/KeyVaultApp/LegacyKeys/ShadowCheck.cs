using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys;

/// <summary>
/// Whether slots that have both a legacy key and a reference have the same key twice. It compares fingerprints, in batches and
/// without opening a value; nothing of it is kept.
/// </summary>
public sealed class ShadowCheck(KeyVaultDb db, Fleet fleet, ILegacyKeys legacy, RecentFingerprints fingerprints)
{
    private const int MostFingerprints = 100_000;

    /// <summary>Why the two are not the same key.</summary>
    public enum Difference
    {
        /// <summary>The old column holds a value that the referenced key had before.</summary>
        ReplacedSince,

        /// <summary>The referenced key never had that value.</summary>
        OtherKeyPicked,
    }

    /// <param name="LegacyKeyName">Of the KeyResource that the old column names by its id.</param>
    public sealed record Row(
        Guid AgentId, string AgentName, Guid WorkspaceId, string WorkspaceName, KeyKind Kind,
        string? LegacyLast4, string? LegacyKeyName, Guid KeyId, string KeyName, string? KeyLast4, Difference Why);

    private sealed record Page(int Same, IReadOnlyList<Row> Different);

    /// <param name="Total">Of the differing slots, which are the items.</param>
    public sealed record Answer(
        Guid? WorkspaceId, int Same, int Different, int ReplacedSince, int OtherKeyPicked,
        IReadOnlyList<Row> Items, int Total, [property: JsonPropertyName("page")] int Number, int PageSize);

    public async Task<Answer> RunAsync(Guid? workspaceId, ListQuery list, CancellationToken ct)
    {
        await RequireAsync(workspaceId, ct);
        var first = (list.PageNumber - 1) * list.Size;
        var (same, replaced, other, items) = (0, 0, 0, new List<Row>());
        await foreach (var page in PagesAsync(Only(workspaceId), ct))
        {
            same += page.Same;
            foreach (var slot in page.Different)
            {
                if (replaced + other >= first && items.Count < list.Size) items.Add(slot);
                if (slot.Why == Difference.ReplacedSince) replaced++;
                else other++;
            }
        }

        return new Answer(workspaceId, same, replaced + other, replaced, other, items, replaced + other, list.PageNumber, list.Size);
    }

    /// <returns>The differing slots as a CSV file, in pieces.</returns>
    public async IAsyncEnumerable<string> ExportAsync(Guid? workspaceId, [EnumeratorCancellation] CancellationToken ct)
    {
        await RequireAsync(workspaceId, ct);
        yield return Csv.Start("workspace", "agent", "agent_id", "kind", "why", "legacy_last4", "legacy_key", "key", "key_id", "key_last4");
        await foreach (var page in PagesAsync(Only(workspaceId), ct))
            foreach (var slot in page.Different)
                yield return Csv.Line(
                    slot.WorkspaceName, slot.AgentName, slot.AgentId.ToString(), slot.Kind.Word(), Fields.WordOf(slot.Why),
                    slot.LegacyLast4, slot.LegacyKeyName, slot.KeyName, slot.KeyId.ToString(), slot.KeyLast4);
    }

    private static Guid[]? Only(Guid? workspaceId) => workspaceId is { } id ? [id] : null;

    private async Task RequireAsync(Guid? workspaceId, CancellationToken ct)
    {
        if (workspaceId is { } id && !await db.Workspaces.AnyAsync(workspace => workspace.Id == id, ct)) throw Refusal.NotFound("workspace");
    }

    /// <returns>All slots that have both, some at a time.</returns>
    private async IAsyncEnumerable<Page> PagesAsync(IReadOnlyCollection<Guid>? workspaces, [EnumeratorCancellation] CancellationToken ct)
    {
        var current = new Dictionary<Guid, string>();
        await foreach (var page in fleet.PagesAsync(workspaces, ct))
        {
            var both = page.SelectMany(agent => KeyKinds.All.Where(kind => agent.Reference(kind) is not null && agent.LegacyKey(kind) is not null).Select(kind => (Agent: agent, Kind: kind))).ToList();
            if (both is []) continue;
            await ReadFingerprintsAsync(current, both.Select(slot => slot.Agent.Reference(slot.Kind)!.Value), ct);
            // Nearly all are the same at first sight; what is to be told of the others is read of these alone.
            var doubtful = both.Where(slot => !IsSameAtFirstSight(slot.Kind, slot.Agent.LegacyKey(slot.Kind)!, current.GetValueOrDefault(slot.Agent.Reference(slot.Kind)!.Value)))
                .Select(slot => slot.Agent.AgentId).ToHashSet();
            var compared = doubtful.Count == 0 ? [] : await CompareAsync([.. doubtful], ct);
            yield return new Page(
                both.Count(slot => !doubtful.Contains(slot.Agent.AgentId)) + compared.Count(slot => slot is null), [.. compared.OfType<Row>()]);
        }
    }

    /// <param name="current">The fingerprint of the referenced key.</param>
    private bool IsSameAtFirstSight(KeyKind kind, Secret value, string? current) => value.AsKeyId is null && fingerprints.Of(kind, value) == current;

    /// <summary>Each key's once: agents of all pages have the same few.</summary>
    private async Task ReadFingerprintsAsync(Dictionary<Guid, string> known, IEnumerable<Guid> keyIds, CancellationToken ct)
    {
        if (known.Count > MostFingerprints) known.Clear();
        Guid[] missing = [.. keyIds.Distinct().Where(id => !known.ContainsKey(id))];
        if (missing is []) return;
        await foreach (var key in db.Keys.Where(key => EF.Parameter(missing).Contains(key.Id)).Select(key => new { key.Id, key.Fingerprint }).AsAsyncEnumerable().WithCancellation(ct))
            known.Add(key.Id, key.Fingerprint);
    }

    /// <returns>Null for a slot that has the same key twice.</returns>
    private async Task<IReadOnlyList<Row?>> CompareAsync(Guid[] agentIds, CancellationToken ct)
    {
        var batch = await db.Agents.AsNoTracking().Where(agent => EF.Parameter(agentIds).Contains(agent.Id)).OrderBy(agent => agent.Id).Include(agent => agent.Workspace).ToListAsync(ct);
        var old = await legacy.DescribeAsync([.. batch.Select(agent => agent.Id)], ct);
        var slots = (
            from agent in batch
            where old.ContainsKey(agent.Id)
            from held in old[agent.Id].ByKind
            where agent.Reference(held.Key) is not null
            select (Agent: agent, Kind: held.Key, Old: held.Value, KeyId: agent.Reference(held.Key)!.Value)).ToList();
        Guid[] referenced = [.. slots.Select(slot => slot.KeyId).Distinct()];
        Guid[] named = [.. referenced.Union(slots.Select(slot => slot.Old.KeyId).OfType<Guid>())];
        var keys = await NamedKeys.LoadAsync(db, named, [], ct);
        var past = await db.PastFingerprintsAsync(referenced, ct);
        // A key may have been deleted since the agents were read: then the slot has another reference by now.
        return [.. slots.Where(slot => keys.Find(slot.KeyId, slot.Agent.WorkspaceId) is not null).Select(slot =>
        {
            var (agent, key) = (slot.Agent, keys.Find(slot.KeyId, slot.Agent.WorkspaceId)!);
            var byId = slot.Old.KeyId is { } id ? keys.Find(id, agent.WorkspaceId) : null;
            var fingerprint = byId?.Fingerprint ?? slot.Old.Fingerprint;
            if (byId?.Id == key.Id || fingerprint == key.Fingerprint) return null;
            return new Row(
                agent.Id, agent.Name, agent.WorkspaceId, agent.Workspace.Name, slot.Kind, byId is null ? slot.Old.Last4 : byId.Last4, byId?.Name,
                key.Id, key.Name, key.Last4, past.Contains((key.Id, fingerprint)) ? Difference.ReplacedSince : Difference.OtherKeyPicked);
        })];
    }
}
