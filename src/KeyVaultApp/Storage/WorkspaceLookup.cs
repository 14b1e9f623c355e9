using KeyVaultApp.Domain;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Storage;

/// <summary>The workspaces that somebody named.</summary>
/// <param name="Found">Their ids, each once, in the order in which they were named.</param>
/// <param name="Missing">Which of the names, counted from 1, no workspace answers to.</param>
public sealed record WorkspaceLookup(IReadOnlyList<Guid> Found, IReadOnlyList<int> Missing);

public static class WorkspaceLookups
{
    /// <summary>Finds workspaces by id or by name, case ignored. A workspace whose name is the id of another loses to it.</summary>
    public static async Task<WorkspaceLookup> FindWorkspacesAsync(this KeyVaultDb db, IReadOnlyList<string> idsOrNames, CancellationToken ct)
    {
        if (idsOrNames.Count == 0) return new WorkspaceLookup([], []);

        var asked = idsOrNames.Select(text => (Id: AsId(text), Name: Text.Normalize(text.Trim()))).ToList();
        var ids = asked.Select(one => one.Id).OfType<Guid>().ToList();
        var names = asked.Select(one => one.Name).ToList();
        var rows = await db.Workspaces.AsNoTracking()
            .Where(workspace => ids.Contains(workspace.Id) || names.Contains(workspace.NormalizedName))
            .Select(workspace => new { workspace.Id, workspace.NormalizedName })
            .ToListAsync(ct);

        var known = rows.Select(row => row.Id).ToHashSet();
        var byName = rows.ToDictionary(row => row.NormalizedName, row => row.Id);
        var answers = asked.Select(one => one.Id is { } id && known.Contains(id) ? id : byName.TryGetValue(one.Name, out var named) ? named : (Guid?)null).ToList();
        return new WorkspaceLookup(
            [.. answers.OfType<Guid>().Distinct()],
            [.. answers.Index().Where(answer => answer.Item is null).Select(answer => answer.Index + 1)]);
    }

    /// <summary>The ticked ones and those that were typed beside them; null where some of the typed name none.</summary>
    public static async Task<IReadOnlyList<Guid>?> WithTypedAsync(this KeyVaultDb db, IReadOnlyList<Guid>? ticked, string? typed, CancellationToken ct)
    {
        if (WorkspacePicker.Lines(typed) is not { Count: > 0 } lines) return ticked ?? [];
        var lookup = await db.FindWorkspacesAsync(lines, ct);
        return lookup.Missing is [] ? [.. (ticked ?? []).Union(lookup.Found)] : null;
    }

    private static Guid? AsId(string text) => Guid.TryParseExact(text.Trim(), "D", out var id) ? id : null;
}
