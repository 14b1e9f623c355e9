using KeyVaultApp.Domain;
using KeyVaultApp.Web;

namespace KeyVaultApp.KeyAudit;

/// <summary>The cells of one row, in the order of the sheet's columns.</summary>
internal static class WriteRow
{
    private static readonly Dictionary<UnavailableReason, string> Broken = Enum.GetValues<UnavailableReason>()
        .ToDictionary(reason => reason, reason => $"broken: {Fields.WordOf(reason).Replace('_', ' ')}");

    public static void Agent(SheetWriter row, AuditedAgent agent)
    {
        row.Text(agent.Workspace.Name);
        row.Text(agent.Name);
        row.Text(agent.ExternalId);
        foreach (var slot in agent.Slots)
        {
            row.Text(slot switch
            {
                { Why: { } reason } => Broken[reason],
                { State: AuditedState.Legacy } => "legacy",
                { State: AuditedState.Reference } => "reference",
                _ => "empty",
            });
            row.Text(Mask(slot.Last4, slot.Fingerprint));
            row.Text(Eight(slot.Fingerprint));
            row.Text(slot.Key);
        }
    }

    public static void Distinct(SheetWriter row, HeldKey held, string suggested)
    {
        var key = held.Key;
        row.Text(key.Workspace);
        row.Text(((KeyKind)key.Kind).Label());
        row.Text(Mask(key.Last4, key.Fingerprint));
        row.Text(Eight(key.Fingerprint));
        row.Number(key.Agents);
        row.Text(Names(held.Holders.Where(holder => holder.Id != key.WorkspaceId), key.Holders - 1));
        row.Text(key.Existing);
        row.Text(key.Existing is null ? suggested : null);
        row.Text(FindingWords.Of((HygieneFindings)key.Findings));
        for (var i = 0; i < Sheets.DistinctKeys.Columns.Count(column => column.Use == ColumnUse.Fill); i++) row.Text(null);
        row.Text(key.WorkspaceId.ToString());
        row.Text(key.Fingerprint);
    }

    public static void Shared(SheetWriter row, HeldKey held, string suggested)
    {
        var key = held.Key;
        row.Text(((KeyKind)key.Kind).Label());
        row.Text(Mask(key.Last4, key.Fingerprint));
        row.Text(Eight(key.Fingerprint));
        row.Number(key.Holders);
        row.Number(key.AllAgents);
        row.Text(Names(held.Holders, key.Holders));
        row.Text(key.Existing);
        row.Text(key.Existing is null ? suggested : null);
        row.Text(FindingWords.Of((HygieneFindings)key.Findings));
    }

    public static void Counts(SheetWriter row, WorkspaceCounts counts)
    {
        row.Text(counts.Workspace);
        row.Text(counts.Phase == 0 ? null : Fields.WordOf((RolloutPhase)counts.Phase));
        row.Text(((KeyKind)counts.Kind).Label());
        row.Number(counts.Legacy + counts.Reference + counts.EmptySlots + counts.Broken);
        row.Number(counts.Legacy);
        row.Number(counts.Reference);
        row.Number(counts.EmptySlots);
        row.Number(counts.Broken);
        row.Number(counts.Held);
        row.Number(counts.Assigned);
        row.Number(counts.Held - counts.Assigned);
    }

    private static string? Mask(string? last4, string? fingerprint) => string.IsNullOrEmpty(fingerprint) ? null : $"...{last4}";

    private static string? Eight(string? fingerprint) => string.IsNullOrEmpty(fingerprint) ? null : fingerprint[..8];

    private static string Names(IEnumerable<(Guid Id, string Name)> holders, long all)
    {
        var names = holders.Take(AuditRows.MostHolders).Select(holder => holder.Name).ToList();
        return string.Join("; ", names) + (all > names.Count ? $" and {all - names.Count:N0} more" : "");
    }
}
