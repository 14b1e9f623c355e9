using KeyVaultApp.Domain;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Storage;

/// <summary>A workspace among others to choose from.</summary>
public sealed record WorkspaceChoice(Guid Id, string Name);

/// <summary>Workspaces to choose several from: the first by name, and the chosen ones in any case.</summary>
/// <param name="HasMore">Whether there are others, which are typed in by name.</param>
/// <param name="Unknown">What was typed and names no workspace, a line each; null where there is none.</param>
public sealed record WorkspacePicker(IReadOnlyList<WorkspaceChoice> Offered, IReadOnlySet<Guid> Chosen, bool HasMore, string? Unknown)
{
    /// <summary>The form field for those that are not offered.</summary>
    public const string TypedField = "more_workspaces";

    /// <summary>The names or ids that were typed, one a line.</summary>
    public static IReadOnlyList<string> Lines(string? typed) => typed?.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}

public static class WorkspaceNames
{
    /// <summary>Above this a page gets heavy; the others are searched for, or typed.</summary>
    private const int Most = 200;

    /// <summary>The first workspaces within reach by name, and the chosen one in any case.</summary>
    public static async Task<IReadOnlyList<WorkspaceChoice>> WorkspaceChoicesAsync(this KeyVaultDb db, Actor actor, Guid? chosen, CancellationToken ct) =>
        [.. (await OfferAsync(db, actor, chosen is { } id ? [id] : [], ct)).Offered];

    /// <param name="chosen">Ids or names.</param>
    /// <param name="typed">More of them, as <see cref="WorkspacePicker.TypedField"/> has them.</param>
    public static async Task<WorkspacePicker> WorkspacePickerAsync(this KeyVaultDb db, Actor actor, IEnumerable<string> chosen, string? typed, CancellationToken ct)
    {
        var lines = WorkspacePicker.Lines(typed);
        List<string> named = [.. chosen, .. lines];
        var lookup = await db.FindWorkspacesAsync(named, ct);
        var unknown = lookup.Missing.Where(place => place > named.Count - lines.Count).Select(place => named[place - 1]).ToList();
        var (offered, hasMore) = await OfferAsync(db, actor, lookup.Found, ct);
        return new WorkspacePicker(offered, lookup.Found.ToHashSet(), hasMore, unknown is [] ? null : string.Join('\n', unknown));
    }

    private static async Task<(List<WorkspaceChoice> Offered, bool HasMore)> OfferAsync(KeyVaultDb db, Actor actor, IReadOnlyList<Guid> chosen, CancellationToken ct)
    {
        var within = db.Workspaces.AsNoTracking();
        if (actor.Workspaces is { } ids) within = within.Where(workspace => ids.Contains(workspace.Id));
        var first = await within.OrderBy(workspace => workspace.NormalizedName).Take(Most + 1)
            .Select(workspace => new WorkspaceChoice(workspace.Id, workspace.Name)).ToListAsync(ct);
        var offered = first.Take(Most).ToList();
        Guid[] further = [.. chosen.Except(offered.Select(choice => choice.Id))];
        if (further is not [])
            offered.AddRange(await within.Where(workspace => EF.Parameter(further).Contains(workspace.Id)).OrderBy(workspace => workspace.NormalizedName)
                .Select(workspace => new WorkspaceChoice(workspace.Id, workspace.Name)).ToListAsync(ct));
        return (offered, first.Count > Most);
    }
}
