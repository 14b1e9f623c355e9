using KeyVaultApp.Domain;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Activity;

/// <summary>The activity log as CSV (RFC 4180), newest first, row by row: memory does not grow with the log.</summary>
public sealed class ExportActivity(ListActivity list)
{
    private const string Columns = "at,actor_kind,actor,action,target_kind,target,target_id,workspace_id,before,after,address,trace_id";

    /// <returns>The file in pieces.</returns>
    public async IAsyncEnumerable<string> RunAsync(
        ListQuery query, ListActivity.Filter filter, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var rows = list.Matching(query, filter).OrderByDescending(entry => entry.At).ThenByDescending(entry => entry.Id);
        yield return Csv.Start(Columns);
        await foreach (var entry in rows.AsAsyncEnumerable().WithCancellation(ct))
            yield return Line(entry);
    }

    private static string Line(ActivityEntry entry)
    {
        string?[] cells =
        [
            entry.At.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'"), Fields.WordOf(entry.ActorKind), entry.ActorName, entry.Action, entry.TargetKind, entry.TargetName,
            entry.TargetId?.ToString(), entry.WorkspaceId?.ToString(), entry.Before, entry.After, entry.Address, entry.TraceId,
        ];
        return Csv.Line(cells);
    }
}
