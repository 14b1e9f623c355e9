using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Keys;

public sealed class ListKeys(KeyVaultDb db, ILegacyKeys legacy, TimeProvider clock)
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    /// <summary>What the last test of the current value said.</summary>
    public enum Tested
    {
        Valid,
        Rejected,
        Inconclusive,
        Never,
    }

    public sealed record Filter(
        [property: FromQuery(Name = "kind")] string? Kind = null,
        [property: FromQuery(Name = "status")] string? Status = null,
        [property: FromQuery(Name = "provider")] string? Provider = null,
        [property: FromQuery(Name = "workspace_id")] string? WorkspaceId = null,
        [property: FromQuery(Name = "unused")] string? Unused = null,
        [property: FromQuery(Name = "unassigned")] string? Unassigned = null,
        [property: FromQuery(Name = "expiring")] string? Expiring = null,
        [property: FromQuery(Name = "test")] string? Test = null,
        [property: FromQuery(Name = "stopped_in_use")] string? StoppedInUse = null);

    private static readonly Sorting<KeyResource> Sorting = new(
        "name",
        ("name", key => key.NormalizedName),
        ("kind", key => key.Kind),
        ("provider", key => key.Provider),
        ("status", key => key.Status),
        ("last_test_at", key => key.LastTestAt),
        ("expires_at", key => key.ExpiresAt),
        ("created_at", key => key.CreatedAt),
        ("updated_at", key => key.UpdatedAt));

    public Task<Page<KeyRow>> RunAsync(ListQuery list, Filter filter, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var keys = Matching(db.Keys.AsNoTracking(), list, filter, now);
        return Sorting.Apply(keys, list.Sort, key => key.Id).Select(KeyRow.From(db, legacy, now)).ToPageAsync(list, ct);
    }

    /// <summary>The providers that keys name, for the filter.</summary>
    public async Task<IReadOnlyList<string>> ProvidersAsync(CancellationToken ct) => await db.Keys
        .Where(key => key.Provider != null).Select(key => key.Provider!).Distinct().OrderBy(provider => provider).ToListAsync(ct);

    private IQueryable<KeyResource> Matching(IQueryable<KeyResource> keys, ListQuery list, Filter filter, DateTimeOffset now)
    {
        if (list.Needle is { } needle)
        {
            var normalized = Text.Normalize(needle);
            keys = keys.Where(key => key.NormalizedName.Contains(normalized));
        }

        if (Fields.Word<KeyKind>(filter.Kind, "kind") is { } kind) keys = keys.Where(key => key.Kind == kind);
        if (Fields.Text(filter.Provider, "provider") is { } provider) keys = keys.Where(key => key.Provider == provider);
        if (Fields.Id(filter.WorkspaceId, "workspace_id") is { } workspace)
            keys = keys.Where(key => key.Assignments.Any(assignment => assignment.WorkspaceId == workspace));
        if (Fields.Flag(filter.Unassigned, "unassigned")) keys = keys.Where(key => !key.Assignments.Any());
        if (Fields.Flag(filter.Expiring, "expiring"))
        {
            var soon = now + Soon;
            keys = keys.Where(key => key.ExpiresAt > now && key.ExpiresAt <= soon);
        }

        if (Fields.Flag(filter.StoppedInUse, "stopped_in_use")) keys = keys.StoppedInUse(db, legacy, now);
        if (Fields.Flag(filter.Unused, "unused"))
        {
            keys = keys.Where(key =>
                !db.Agents.Any(agent => agent.SelectedTtsKeyId == key.Id || agent.SelectedSttKeyId == key.Id || agent.SelectedElevenlabsKeyId == key.Id)
                && !legacy.Rows.Any(row =>
                    row.TtsKeyRef == key.Id.ToString().ToLower() || row.SttKeyRef == key.Id.ToString().ToLower() || row.ElevenlabsKeyRef == key.Id.ToString().ToLower()));
        }

        keys = Fields.Word<Tested>(filter.Test, "test") switch
        {
            Tested.Valid => keys.Where(key => key.LastTestOutcome == TestOutcome.Valid),
            Tested.Rejected => keys.Where(key => key.LastTestOutcome == TestOutcome.Rejected),
            Tested.Inconclusive => keys.Where(key => key.LastTestOutcome == TestOutcome.Inconclusive),
            Tested.Never => keys.Where(key => key.LastTestOutcome == null),
            _ => keys,
        };
        return Fields.Word<KeyState>(filter.Status, "status") switch
        {
            KeyState.Active => keys.Where(key => key.Status == KeyStatus.Active && !(key.ExpiresAt <= now)),
            KeyState.Expired => keys.Where(key => key.Status == KeyStatus.Active && key.ExpiresAt <= now),
            KeyState.Disabled => keys.Where(key => key.Status == KeyStatus.Disabled),
            _ => keys,
        };
    }
}
