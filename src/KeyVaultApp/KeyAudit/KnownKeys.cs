using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.KeyAudit;

/// <summary>
/// Every KeyResource and tombstone without its value: there are as many as people made, however large the fleet. Which of
/// them a workspace may use is read for some hundred workspaces at a time.
/// </summary>
internal sealed class KnownKeys
{
    private const int WorkspacesAhead = 200;

    private readonly KeyVaultDb _db;
    private readonly DateTimeOffset _now;
    private readonly Dictionary<Guid, NamedKey> _byId;
    private readonly ILookup<(KeyKind Kind, string Fingerprint), NamedKey> _byValue;
    private readonly HashSet<Guid> _workspacesRead = [];
    private readonly Dictionary<(KeyKind Kind, string Fingerprint), SameValueKeys> _sameValue = [];
    private HashSet<(Guid Key, Guid Workspace)> _assigned = [];

    private KnownKeys(KeyVaultDb db, DateTimeOffset now, IReadOnlyList<NamedKey> keys, IReadOnlyList<NamedKey> gone)
    {
        (_db, _now) = (db, now);
        Names = keys.Select(key => Text.Normalize(key.Name)).ToHashSet(StringComparer.Ordinal);
        _byValue = keys.ToLookup(key => (key.Kind, key.Fingerprint));
        _byId = keys.Concat(gone).ToDictionary(key => key.Id);
    }

    /// <summary>In the form in which they are compared.</summary>
    public IReadOnlySet<string> Names { get; }

    public IEnumerable<NamedKey> All => _byId.Values.Where(key => !key.Deleted);

    public static async Task<KnownKeys> LoadAsync(KeyVaultDb db, DateTimeOffset now, CancellationToken ct) => new(
        db, now,
        await db.Keys.AsNoTracking().OrderBy(key => key.NormalizedName)
            .Select(key => new NamedKey(key.Id, key.Name, key.Kind, false, key.Status, key.ExpiresAt, false, key.Last4, key.Fingerprint)).ToListAsync(ct),
        await db.KeyTombstones.AsNoTracking().Select(key => NamedKey.Gone(key.Id, key.Kind, key.Name)).ToListAsync(ct));

    /// <summary>Comes before all questions about a workspace. Workspaces are taken in the order of their names.</summary>
    public async Task ComeToAsync(Guid workspaceId, string normalizedName, CancellationToken ct)
    {
        _sameValue.Clear();
        if (_workspacesRead.Contains(workspaceId)) return;
        var ids = await _db.Workspaces.Where(workspace => string.Compare(workspace.NormalizedName, normalizedName) >= 0)
            .OrderBy(workspace => workspace.NormalizedName).Take(WorkspacesAhead).Select(workspace => workspace.Id).ToArrayAsync(ct);
        var rows = await _db.KeyAssignments.AsNoTracking().Where(assignment => EF.Parameter(ids).Contains(assignment.WorkspaceId)).ToListAsync(ct);
        _assigned = [.. rows.Select(assignment => (assignment.KeyId, assignment.WorkspaceId))];
        _workspacesRead.Clear();
        _workspacesRead.UnionWith([workspaceId, .. ids]);
    }

    public NamedKey? Find(Guid id, Guid workspaceId) =>
        _byId.TryGetValue(id, out var key) ? key with { Assigned = _assigned.Contains((id, workspaceId)) } : null;

    public bool Has(Guid id) => _byId.ContainsKey(id);

    public IEnumerable<NamedKey> WithValue(KeyKind kind, string fingerprint) => _byValue[(kind, fingerprint)];

    /// <summary>As the preflight counts: a disabled or expired key is of no use to a workspace.</summary>
    /// <param name="workspaceId">The one it has come to.</param>
    public SameValueKeys WithValue(KeyKind kind, string fingerprint, Guid workspaceId)
    {
        if (_sameValue.TryGetValue((kind, fingerprint), out var known)) return known;
        var keys = _byValue[(kind, fingerprint)].Select(key => (key.Name, MayUse: Find(key.Id, workspaceId)?.WhyNot(kind, _now) is null)).OrderByDescending(key => key.MayUse).ToList();
        return _sameValue[(kind, fingerprint)] = keys is [] ? SameValueKeys.None : new SameValueKeys(string.Join("; ", keys.Select(key => key.Name)), keys[0].MayUse);
    }
}
