using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>The legacy keys of a plan: what was found about each, and what a run does with it.</summary>
public sealed class ListItems(KeyVaultDb db)
{
    public sealed record Filter(
        [property: FromQuery(Name = "bucket")] string? Bucket = null,
        [property: FromQuery(Name = "workspace_id")] string? WorkspaceId = null,
        [property: FromQuery(Name = "kind")] string? Kind = null,
        [property: FromQuery(Name = "undecided")] string? Undecided = null);

    /// <param name="Agents">How many hold it.</param>
    /// <param name="Action">Null where nobody has decided yet, or there is nothing to do.</param>
    /// <param name="KeyName">Of the KeyResource to link to, as it is called now; or of the one to make.</param>
    public sealed record Row(
        int Number, Guid WorkspaceId, string WorkspaceName, KeyKind Kind, string Fingerprint, string? Last4, int Agents,
        PlanBucket Bucket, PlanProblem? Problem, IReadOnlyList<HygieneFindings> Findings, PlanAction? Action, Guid? KeyId, string? KeyName, bool Decided);

    /// <summary>A group beside the name of the KeyResource that it is linked to.</summary>
    internal sealed record Found(PlanGroup Group, string? LinkedName);

    private static readonly Sorting<PlanGroup> Sorting = new(
        "workspace",
        ("workspace", group => group.WorkspaceName),
        ("kind", group => group.Kind),
        ("agents", group => group.Agents),
        ("key_name", group => group.KeyName));

    public async Task<Page<Row>> RunAsync(Guid planId, ListQuery list, Filter filter, CancellationToken ct)
    {
        await db.RequirePlanAsync(planId, ct);
        var page = await Matching(planId, list, filter).ToPageAsync(list, ct);
        return new Page<Row>([.. page.Items.Select(ToRow)], page.Total, page.Number, page.PageSize);
    }

    public async Task<Row> OneAsync(Guid planId, int number, CancellationToken ct) =>
        await Named(db.PlanGroups.AsNoTracking().Where(group => group.PlanId == planId && group.Number == number)).SingleOrDefaultAsync(ct) is { } found
            ? ToRow(found)
            : throw Refusal.NotFound("item");

    internal IQueryable<Found> Matching(Guid planId, ListQuery list, Filter filter)
    {
        var groups = db.PlanGroups.AsNoTracking().Where(group => group.PlanId == planId);
        if (Fields.Word<PlanBucket>(filter.Bucket, "bucket") is { } bucket) groups = groups.Where(group => group.Bucket == bucket);
        if (Fields.Id(filter.WorkspaceId, "workspace_id") is { } workspace) groups = groups.Where(group => group.WorkspaceId == workspace);
        if (Fields.Word<KeyKind>(filter.Kind, "kind") is { } kind) groups = groups.Where(group => group.Kind == kind);
        if (Fields.Flag(filter.Undecided, "undecided")) groups = groups.Where(group => group.Bucket == PlanBucket.NeedsDecision && group.Action == null);
        if (list.Needle is { } needle)
        {
            var (upper, lower) = (needle.ToUpperInvariant(), needle.ToLowerInvariant());
            groups = groups.Where(group =>
                group.WorkspaceName.ToUpper().Contains(upper) || group.KeyName!.ToUpper().Contains(upper)
                || group.Last4 == needle || group.Fingerprint.StartsWith(lower));
        }

        return Named(Sorting.Apply(groups, list.Sort, group => group.Number));
    }

    internal static Row ToRow(Found found)
    {
        var group = found.Group;
        return new Row(
            group.Number, group.WorkspaceId, group.WorkspaceName, group.Kind, group.Fingerprint, group.Last4, group.Agents,
            group.Bucket, group.Problem, [.. Enum.GetValues<HygieneFindings>().Where(finding => finding != HygieneFindings.None && group.Findings.HasFlag(finding))],
            group.Action, group.KeyId, group.KeyName ?? found.LinkedName, group.IsDecided);
    }

    private IQueryable<Found> Named(IQueryable<PlanGroup> groups) =>
        groups.Select(group => new Found(group, db.Keys.Where(key => key.Id == group.KeyId).Select(key => key.Name).FirstOrDefault()));
}
