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
    /// <summary>Why the two are not the same key.</summary>
    public enum Difference
    {
        /// <summary>The old column holds a value that the referenced key had before.</summary>
        ReplacedSince,

        /// <summary>The referenced key never had that value.</summary>
        OtherKeyPicked,
    }

    public sealed record Totals(int Same, int Different);

    /// <param name="LegacyKeyName">Of the KeyResource that the old column names by its id.</param>
    public sealed record Row(
        Guid AgentId, string AgentName, Guid WorkspaceId, string WorkspaceName, KeyKind Kind,
        string? LegacyLast4, string? LegacyKeyName, Guid KeyId, string KeyName, string? KeyLast4, Difference Why);

    /// <param name="Total">Of the differing slots, which are the items.</param>
    public sealed record Answer(
        Guid? WorkspaceId, int Same, int Different, int ReplacedSince, int OtherKeyPicked,
        IReadOnlyList<Row> Items, int Total, [property: JsonPropertyName("page")] int Number, int PageSize);

    /// <param name="workspaces">Null is all of them.</param>
    public async Task<Totals> CountAsync(IReadOnlyCollection<Guid>? workspaces, CancellationToken ct)
    {
        var (same, different) = (0, 0);
        await foreach (var slot in SlotsAsync(workspaces, ct))
        {
            if (slot is null) same++;
            else different++;
        }

        return new Totals(same, different);
    }

    public async Task<Answer> RunAsync(Guid? workspaceId, ListQuery list, CancellationToken ct)
    {
        await RequireAsync(workspaceId, ct);
        var first = (list.PageNumber - 1) * list.Size;
        var (same, replaced, other, page) = (0, 0, 0, new List<Row>());
        await foreach (var slot in SlotsAsync(Only(workspaceId), ct))
        {
            if (slot is null)
            {
                same++;
                continue;
            }

            if (replaced + other >= first && page.Count < list.Size) page.Add(slot);
            if (slot.Why == Difference.ReplacedSince) replaced++;
            else other++;
        }

        return new Answer(workspaceId, same, replaced + other, replaced, other, page, replaced + other, list.PageNumber, list.Size);
    }

    /// <returns>The differing slots as a CSV file, in pieces.</returns>
    public async IAsyncEnumerable<string> ExportAsync(Guid? workspaceId, [EnumeratorCancellation] CancellationToken ct)
    {
        await RequireAsync(workspaceId, ct);
        yield return Csv.Start("workspace", "agent", "agent_id", "kind", "why", "legacy_last4", "legacy_key", "key", "key_id", "key_last4");
        await foreach (var slot in SlotsAsync(Only(workspaceId), ct))
            if (slot is not null)
                yield return Csv.Line(
                    slot.WorkspaceName, slot.AgentName, slot.AgentId.ToString(), slot.Kind.Word(), Fields.WordOf(slot.Why),
                    slot.LegacyLast4, slot.LegacyKeyName, slot.KeyName, slot.KeyId.ToString(), slot.KeyLast4);
    }

    private static Guid[]? Only(Guid? workspaceId) => workspaceId is { } id ? [id] : null;

    private async Task RequireAsync(Guid? workspaceId, CancellationToken ct)
    {
        if (workspaceId is { } id && !await db.Workspaces.AnyAsync(workspace => workspace.Id == id, ct)) throw Refusal.NotFound("workspace");
    }

    /// <returns>Every slot that has both; null where they are the same key.</returns>
    private async IAsyncEnumerable<Row?> SlotsAsync(IReadOnlyCollection<Guid>? workspaces, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var page in fleet.PagesAsync(workspaces, ct))
        {
            var both = page.SelectMany(agent => KeyKinds.All.Where(kind => agent.Reference(kind) is not null && agent.LegacyKey(kind) is not null).Select(kind => (Agent: agent, Kind: kind))).ToList();
            if (both is []) continue;
            Guid[] keyIds = [.. both.Select(slot => slot.Agent.Reference(slot.Kind)!.Value).Distinct()];
            var current = await db.Keys.Where(key => EF.Parameter(keyIds).Contains(key.Id)).ToDictionaryAsync(key => key.Id, key => key.Fingerprint, ct);
            // Nearly all are the same at first sight; what is to be told of the others is read of these alone.
            var doubtful = both.Where(slot => fingerprints.Of(slot.Kind, slot.Agent.LegacyKey(slot.Kind)!) != current.GetValueOrDefault(slot.Agent.Reference(slot.Kind)!.Value))
                .Select(slot => slot.Agent.AgentId).ToHashSet();
            for (var same = both.Count(slot => !doubtful.Contains(slot.Agent.AgentId)); same > 0; same--) yield return null;
            if (doubtful.Count == 0) continue;
            var ids = doubtful.ToArray();
            var agents = await db.Agents.AsNoTracking().Where(agent => EF.Parameter(ids).Contains(agent.Id)).OrderBy(agent => agent.Id).Include(agent => agent.Workspace).ToListAsync(ct);
            foreach (var slot in await CompareAsync(agents, ct)) yield return slot;
        }
    }

    private async Task<IReadOnlyList<Row?>> CompareAsync(IReadOnlyList<Agent> batch, CancellationToken ct)
    {
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
