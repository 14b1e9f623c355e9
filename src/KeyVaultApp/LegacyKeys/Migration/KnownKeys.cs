using System.Runtime.InteropServices;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>Where a dry run puts a legacy key, and why.</summary>
/// <param name="KeyId">The KeyResource to link to.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Place(PlanBucket Bucket, PlanProblem? Problem, Guid? KeyId, HygieneFindings Findings);

/// <summary>
/// The KeyResources as they are when a plan is made, without values, and what they mean for a legacy key. Only what leaves an
/// agent's answer as it is gets proposed; where it would change, or is one of several, a person decides.
/// </summary>
public sealed class KnownKeys
{
    private sealed record Key(Guid Id, string NormalizedName, KeyKind Kind, bool IsDisabled, bool IsExpired, string Fingerprint)
    {
        public bool IsUsable => !IsDisabled && !IsExpired;
    }

    private readonly Dictionary<Guid, Key> _byId;
    private readonly HashSet<Guid> _deleted;
    private readonly ILookup<(KeyKind, string), Key> _byValue;
    private readonly HashSet<(Guid Key, Guid Workspace)> _assigned;

    private KnownKeys(IReadOnlyCollection<Key> keys, HashSet<Guid> deleted, HashSet<(Guid Key, Guid Workspace)> assigned)
    {
        _byId = keys.ToDictionary(key => key.Id);
        _byValue = keys.ToLookup(key => (key.Kind, key.Fingerprint));
        _deleted = deleted;
        _assigned = assigned;
    }

    public IEnumerable<string> NormalizedNames => _byId.Values.Select(key => key.NormalizedName);

    public static async Task<KnownKeys> LoadAsync(KeyVaultDb db, DateTimeOffset now, CancellationToken ct)
    {
        var keys = await db.Keys.AsNoTracking()
            .Select(key => new Key(key.Id, key.NormalizedName, key.Kind, key.Status == KeyStatus.Disabled, key.ExpiresAt <= now, key.Fingerprint))
            .ToListAsync(ct);
        var deleted = await db.KeyTombstones.Select(tombstone => tombstone.Id).ToListAsync(ct);
        var assigned = await db.KeyAssignments.AsNoTracking().ToListAsync(ct);
        return new KnownKeys(keys, [.. deleted], [.. assigned.Select(assignment => (assignment.KeyId, assignment.WorkspaceId))]);
    }

    /// <summary>A UUID is the id of a KeyResource first, as it is when an agent's key is resolved; else it is a value like any other.</summary>
    public Place Find(Guid workspaceId, KeyKind kind, LegacySlot slot)
    {
        if (slot.KeyId is { } id && (_byId.ContainsKey(id) || _deleted.Contains(id))) return Named(workspaceId, kind, id);

        var findings = slot.Findings | (slot.KeyId is null ? HygieneFindings.None : HygieneFindings.UnknownId);
        var alike = _byValue[(kind, slot.Fingerprint)].ToList();
        return alike.FindAll(key => key.IsUsable) switch
        {
            [var key] => new Place(_assigned.Contains((key.Id, workspaceId)) ? PlanBucket.Link : PlanBucket.AssignAndLink, null, key.Id, findings),
            [_, ..] => Ask(PlanProblem.SeveralKeys, findings),
            [] when alike.Exists(key => key.IsDisabled) => Ask(PlanProblem.Disabled, findings),
            [] when alike is not [] => Ask(PlanProblem.Expired, findings),
            [] when slot.KeyId is not null => Ask(PlanProblem.UnknownId, findings),
            [] when findings != HygieneFindings.None => Ask(PlanProblem.Hygiene, findings),
            _ => new Place(PlanBucket.Create, null, null, findings),
        };
    }

    private Place Named(Guid workspaceId, KeyKind kind, Guid id)
    {
        PlanProblem? problem = _byId.GetValueOrDefault(id) switch
        {
            null => PlanProblem.Deleted,
            var key when key.Kind != kind => PlanProblem.WrongKind,
            { IsDisabled: true } => PlanProblem.Disabled,
            { IsExpired: true } => PlanProblem.Expired,
            _ when !_assigned.Contains((id, workspaceId)) => PlanProblem.NotAssigned,
            _ => null,
        };
        return problem is { } found ? Ask(found, HygieneFindings.NamesKey) : new Place(PlanBucket.Link, null, id, HygieneFindings.NamesKey);
    }

    private static Place Ask(PlanProblem problem, HygieneFindings findings) => new(PlanBucket.NeedsDecision, problem, null, findings);
}
