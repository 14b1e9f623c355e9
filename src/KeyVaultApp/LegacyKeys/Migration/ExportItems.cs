using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>The items of a plan as CSV, in the order and under the filters of the list. With the mask of a key, never more of it.</summary>
public sealed class ExportItems(KeyVaultDb db, ListItems items)
{
    private const string Header =
        "number,workspace,workspace_id,kind,key,fingerprint,agents,bucket,problem,findings,action,key_id,key_name,decided";

    /// <returns>The file in pieces.</returns>
    public async IAsyncEnumerable<string> RunAsync(
        Guid planId, ListQuery list, ListItems.Filter filter, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await db.RequirePlanAsync(planId, ct);
        var rows = items.Matching(planId, list, filter);
        yield return Csv.Start(Header);
        await foreach (var found in rows.AsAsyncEnumerable().WithCancellation(ct))
            yield return Csv.Line(Cells(ListItems.ToRow(found)));
    }

    private static IEnumerable<string?> Cells(ListItems.Row row) =>
    [
        row.Number.ToString(), row.WorkspaceName, row.WorkspaceId.ToString(), row.Kind.Word(), $"...{row.Last4}", row.Fingerprint, row.Agents.ToString(),
        Fields.WordOf(row.Bucket), row.Problem is { } problem ? Fields.WordOf(problem) : null, string.Join(' ', row.Findings.Select(Fields.WordOf)),
        row.Action is { } action ? Fields.WordOf(action) : null, row.KeyId?.ToString(), row.KeyName, row.Decided ? "true" : "false",
    ];
}
