using System.Text.Json;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Activity;

/// <summary>Who did what, newest first.</summary>
public sealed class ListActivity(KeyVaultDb db)
{
    public sealed record Filter(
        [property: FromQuery(Name = "actor")] string? Actor = null,
        [property: FromQuery(Name = "action")] string? Action = null,
        [property: FromQuery(Name = "target_kind")] string? TargetKind = null,
        [property: FromQuery(Name = "target_id")] string? TargetId = null,
        [property: FromQuery(Name = "workspace_id")] string? WorkspaceId = null,
        [property: FromQuery(Name = "from")] string? From = null,
        [property: FromQuery(Name = "to")] string? To = null);

    public sealed record Row(
        Guid Id, DateTimeOffset At, ActorKind ActorKind, Guid? ActorId, string ActorName, string Action,
        string TargetKind, Guid? TargetId, string TargetName, Guid? WorkspaceId,
        JsonElement? Before, JsonElement? After, string? Address, string? TraceId);

    private static readonly Sorting<ActivityEntry> Sorting = new("-at", ("at", entry => entry.At));

    public async Task<Page<Row>> RunAsync(ListQuery list, Filter filter, CancellationToken ct)
    {
        var page = await Sorting.Apply(Matching(list, filter), list.Sort, entry => entry.Id).ToPageAsync(list, ct);
        return new Page<Row>([.. page.Items.Select(ToRow)], page.Total, page.Number, page.PageSize);
    }

    internal IQueryable<ActivityEntry> Matching(ListQuery list, Filter filter)
    {
        var rows = db.Activity.AsNoTracking();
        if (list.Needle?.ToUpperInvariant() is { } needle)
            rows = rows.Where(entry => entry.TargetName.ToUpper().Contains(needle) || entry.ActorName.ToUpper().Contains(needle));
        if (Fields.Text(filter.Actor, "actor") is { } actor) rows = rows.Where(entry => entry.ActorName == actor);
        if (Fields.Word(filter.Action, "action", Actions.All) is { } action) rows = rows.Where(entry => entry.Action == action);
        if (Fields.Word(filter.TargetKind, "target_kind", Target.Kinds) is { } kind) rows = rows.Where(entry => entry.TargetKind == kind);
        if (Fields.Id(filter.TargetId, "target_id") is { } target) rows = rows.Where(entry => entry.TargetId == target);
        if (Fields.Id(filter.WorkspaceId, "workspace_id") is { } workspace) rows = rows.Where(entry => entry.WorkspaceId == workspace);
        if (Fields.Time(filter.From, "from") is { } from) rows = rows.Where(entry => entry.At >= from);
        if (Fields.Time(filter.To, "to") is { } to) rows = rows.Where(entry => entry.At < to);
        return rows;
    }

    private static Row ToRow(ActivityEntry entry) => new(
        entry.Id, entry.At, entry.ActorKind, entry.ActorId, entry.ActorName, entry.Action,
        entry.TargetKind, entry.TargetId, entry.TargetName, entry.WorkspaceId,
        Parse(entry.Before), Parse(entry.After), entry.Address, entry.TraceId);

    private static JsonElement? Parse(string? json) => json is null ? null : JsonSerializer.Deserialize<JsonElement>(json);
}
