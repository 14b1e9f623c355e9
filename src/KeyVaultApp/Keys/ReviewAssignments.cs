using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Keys;

/// <summary>What would happen if the assignments were as they are ticked: what is added, what goes, and who would lose a key.</summary>
public sealed class ReviewAssignments(KeyVaultDb db, KeyUse use)
{
    /// <summary>One page of a list with ticks. What the page did not list stays as it is.</summary>
    /// <param name="Version">Of the key, or of the workspace, whose assignments these are.</param>
    public sealed record Form(IReadOnlyList<Guid>? ListedIds, IReadOnlyList<Guid>? TickedIds, int? Version);

    public sealed record Named(Guid Id, string Name);

    /// <summary>A key that these agents would lose.</summary>
    public sealed record Loss(Named Key, KeyUsers Users);

    /// <param name="Wanted">All that would be assigned then, listed or not.</param>
    public sealed record Answer(IReadOnlyList<Named> Added, IReadOnlyList<Named> Removed, IReadOnlyList<Loss> Losses, IReadOnlyList<Guid> Wanted)
    {
        public int LosingAgents => Losses.Sum(loss => loss.Users.Total);
    }

    public async Task<Answer> OfKeyAsync(KeyRow key, Form form, CancellationToken ct)
    {
        var change = Change.Of(key.WorkspaceIds, form);
        var names = await db.Workspaces.AsNoTracking().Where(row => change.Touched.Contains(row.Id)).OrderBy(row => row.NormalizedName)
            .Select(row => new Named(row.Id, row.Name)).ToListAsync(ct);
        var users = change.Removed is [] ? KeyUsers.None : await use.InAsync(key.Id, change.Removed, ct);
        return change.Answer(names, users.Total == 0 ? [] : [new Loss(new Named(key.Id, key.Name), users)]);
    }

    public async Task<Answer> OfWorkspaceAsync(Guid workspaceId, Form form, CancellationToken ct)
    {
        var before = await db.KeyAssignments.Where(row => row.WorkspaceId == workspaceId).Select(row => row.KeyId).ToListAsync(ct);
        var change = Change.Of(before, form);
        var names = await db.Keys.AsNoTracking().Where(row => change.Touched.Contains(row.Id)).OrderBy(row => row.NormalizedName)
            .Select(row => new Named(row.Id, row.Name)).ToListAsync(ct);
        var losses = new List<Loss>();
        foreach (var key in names.Where(name => change.Removed.Contains(name.Id)))
        {
            var users = await use.InAsync(key.Id, [workspaceId], ct);
            if (users.Total > 0) losses.Add(new Loss(key, users));
        }

        return change.Answer(names, losses);
    }

    private sealed record Change(IReadOnlyList<Guid> Added, IReadOnlyList<Guid> Removed, IReadOnlyList<Guid> Wanted)
    {
        public IReadOnlyList<Guid> Touched { get; } = [.. Added, .. Removed];

        public static Change Of(IReadOnlyList<Guid> before, Form form)
        {
            var (listed, ticked) = (form.ListedIds ?? [], form.TickedIds ?? []);
            var removed = before.Intersect(listed).Except(ticked).ToList();
            var added = ticked.Except(before).ToList();
            return new Change(added, removed, [.. before.Except(removed), .. added]);
        }

        public Answer Answer(IReadOnlyList<Named> names, IReadOnlyList<Loss> losses) => new(
            [.. names.Where(name => Added.Contains(name.Id))], [.. names.Where(name => Removed.Contains(name.Id))], losses, Wanted);
    }
}
