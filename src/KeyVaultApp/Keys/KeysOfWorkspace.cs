using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Keys;

/// <summary>The keys seen from one workspace: whether each may be used there, and by how many of its agents it is.</summary>
public sealed class KeysOfWorkspace(KeyVaultDb db, ILegacyKeys legacy, TimeProvider clock)
{
    public sealed record Filter(
        [property: FromQuery(Name = "kind")] string? Kind = null,
        [property: FromQuery(Name = "assigned")] bool? Assigned = null);

    public sealed record Row(Guid Id, string Name, KeyKind Kind, string? Provider, string? Last4, KeyState Status, bool IsAssigned, int AgentCount);

    private static readonly Sorting<KeyResource> Sorting = new(
        "name",
        ("name", key => key.NormalizedName),
        ("kind", key => key.Kind),
        ("provider", key => key.Provider));

    public Task<Page<Row>> RunAsync(Guid workspaceId, ListQuery list, Filter filter, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var keys = db.Keys.AsNoTracking();
        if (list.Needle is { } needle)
        {
            var normalized = Text.Normalize(needle);
            keys = keys.Where(key => key.NormalizedName.Contains(normalized));
        }

        if (Fields.Word<KeyKind>(filter.Kind, "kind") is { } kind) keys = keys.Where(key => key.Kind == kind);
        if (filter.Assigned is { } assigned)
            keys = keys.Where(key => key.Assignments.Any(row => row.WorkspaceId == workspaceId) == assigned);
        return Sorting.Apply(keys, list.Sort, key => key.Id)
            .Select(key => new Row(
                key.Id,
                key.Name,
                key.Kind,
                key.Provider,
                key.Last4,
                key.Status == KeyStatus.Disabled ? KeyState.Disabled : key.ExpiresAt <= now ? KeyState.Expired : KeyState.Active,
                key.Assignments.Any(row => row.WorkspaceId == workspaceId),
                db.Agents.Count(agent => agent.WorkspaceId == workspaceId && (
                    agent.SelectedTtsKeyId == key.Id || agent.SelectedSttKeyId == key.Id || agent.SelectedElevenlabsKeyId == key.Id
                    || legacy.Rows.Any(row => row.AgentId == agent.Id && (
                        row.TtsKeyRef == key.Id.ToString().ToLower() || row.SttKeyRef == key.Id.ToString().ToLower() || row.ElevenlabsKeyRef == key.Id.ToString().ToLower()))))))
            .ToPageAsync(list, ct);
    }
}
