using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.KeyResolution;

/// <summary>One agent with its phase and all that its slots hold.</summary>
/// <param name="Legacy">The old columns; empty in references_only, where they are not read.</param>
internal sealed record AgentSlots(
    Guid AgentId, Guid WorkspaceId, RolloutPhase? OwnPhase, RolloutPhase InstallationPhase,
    IReadOnlyDictionary<KeyKind, Guid?> References, IReadOnlyDictionary<KeyKind, Secret?> Legacy)
{
    public RolloutPhase Phase => OwnPhase ?? InstallationPhase;
}

/// <summary>A KeyResource or tombstone that a slot names, with its current value as it is sealed.</summary>
internal sealed record SealedKey(NamedKey Key, int Version, byte[] Sealed, string? Provider, string? Region);

/// <summary>The two queries behind a resolution.</summary>
internal sealed class ReadSlots(KeyVaultDb db, ILegacyKeys legacy)
{
    /// <summary>Null where there is no such agent. In references_only the statement itself leaves the old columns alone.</summary>
    public async Task<AgentSlots?> AgentAsync(AgentAddress address, CancellationToken ct)
    {
        var agents = address switch
        {
            AgentAddress.ById(var id) => db.Agents.Where(agent => agent.Id == id),
            AgentAddress.ByExternalId(var workspace, var externalId) => db.Agents.Where(agent => agent.WorkspaceId == workspace && agent.ExternalId == externalId),
            _ => throw new ArgumentOutOfRangeException(nameof(address)),
        };
        var found = await (
            from agent in agents
            join row in legacy.Rows on agent.Id equals row.AgentId into old
            from row in old.DefaultIfEmpty()
            let installation = db.Rollout.Where(rollout => rollout.Id == RolloutState.OnlyId).Select(rollout => rollout.Phase).First()
            let isRead = (agent.Workspace.Phase ?? installation) != RolloutPhase.ReferencesOnly
            select new
            {
                agent.Id,
                agent.WorkspaceId,
                agent.Workspace.Phase,
                Installation = installation,
                agent.SelectedTtsKeyId,
                agent.SelectedSttKeyId,
                agent.SelectedElevenlabsKeyId,
                TtsKey = isRead ? row!.TtsKey : null,
                SttKey = isRead ? row!.SttKey : null,
                ElevenlabsKey = isRead ? row!.ElevenlabsKey : null,
            }).SingleOrDefaultAsync(ct);

        return found is null ? null : new AgentSlots(
            found.Id,
            found.WorkspaceId,
            found.Phase,
            found.Installation,
            new Dictionary<KeyKind, Guid?>
            {
                [KeyKind.Tts] = found.SelectedTtsKeyId,
                [KeyKind.Stt] = found.SelectedSttKeyId,
                [KeyKind.Elevenlabs] = found.SelectedElevenlabsKeyId,
            },
            new Dictionary<KeyKind, Secret?>
            {
                [KeyKind.Tts] = Secret.OrNull(found.TtsKey),
                [KeyKind.Stt] = Secret.OrNull(found.SttKey),
                [KeyKind.Elevenlabs] = Secret.OrNull(found.ElevenlabsKey),
            });
    }

    public async Task<IReadOnlyDictionary<Guid, SealedKey>> KeysAsync(IReadOnlyCollection<Guid> ids, Guid workspaceId, CancellationToken ct)
    {
        if (ids.Count == 0) return new Dictionary<Guid, SealedKey>();
        var keys =
            from key in db.Keys
            where ids.Contains(key.Id)
            join version in db.KeyVersions on new { Key = key.Id, Number = key.CurrentVersion } equals new { Key = version.KeyId, version.Number } into current
            from version in current.DefaultIfEmpty()
            select new
            {
                key.Id,
                key.Name,
                key.Kind,
                Deleted = false,
                key.Status,
                key.ExpiresAt,
                Assigned = db.KeyAssignments.Any(assignment => assignment.KeyId == key.Id && assignment.WorkspaceId == workspaceId),
                Version = key.CurrentVersion,
                version.Sealed,
                key.Provider,
                key.Region,
            };
        var tombstones =
            from tombstone in db.KeyTombstones
            where ids.Contains(tombstone.Id)
            select new
            {
                tombstone.Id,
                tombstone.Name,
                tombstone.Kind,
                Deleted = true,
                Status = KeyStatus.Disabled,
                ExpiresAt = (DateTimeOffset?)null,
                Assigned = false,
                Version = 0,
                Sealed = Array.Empty<byte>(),
                Provider = (string?)null,
                Region = (string?)null,
            };
        var rows = await keys.Concat(tombstones).ToListAsync(ct);
        return rows.ToDictionary(row => row.Id, row => new SealedKey(
            new NamedKey(row.Id, row.Name, row.Kind, row.Deleted, row.Status, row.ExpiresAt, row.Assigned, Last4: null, Fingerprint: ""),
            row.Version, row.Sealed ?? [], row.Provider, row.Region));
    }
}
