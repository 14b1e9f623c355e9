using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>The report of a run as CSV: what became of each slot, under the filter of the list.</summary>
public sealed class ExportRun(KeyVaultDb db, ListRunItems items)
{
    private const string Header = "agent_id,agent,workspace_id,workspace,kind,outcome,reason,key_before,key_after,key";

    /// <returns>The file in pieces.</returns>
    public async IAsyncEnumerable<string> RunAsync(Guid id, ListRunItems.Filter filter, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await db.FindRunAsync(id, ct);
        var rows = items.Matching(id, filter);
        yield return Csv.Start(Header);
        await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(ct))
            yield return Csv.Line([
                row.AgentId.ToString(), row.AgentName, row.WorkspaceId?.ToString(), row.WorkspaceName, row.Kind.Word(), Fields.WordOf(row.Outcome),
                RunWords.Reason(row.Outcome), row.KeyBefore?.ToString(), row.KeyAfter?.ToString(), row.KeyName,
            ]);
    }
}
