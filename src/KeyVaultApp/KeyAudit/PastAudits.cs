using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.KeyAudit;

/// <summary>The latest workbooks that went out and came back, from the activity log.</summary>
public sealed class PastAudits(KeyVaultDb db)
{
    private const int Shown = 20;

    public sealed record Row(DateTimeOffset At, string By, string Action, string Scope, string? Details);

    public async Task<IReadOnlyList<Row>> RunAsync(CancellationToken ct)
    {
        var entries = await db.Activity.AsNoTracking()
            .Where(entry => entry.Action == Actions.KeyAuditExported || entry.Action == Actions.KeyAuditImported)
            .OrderByDescending(entry => entry.At).ThenByDescending(entry => entry.Id)
            .Take(Shown)
            .ToListAsync(ct);
        return [.. entries.Select(entry => new Row(entry.At, entry.ActorName, entry.Action, entry.TargetName, Details(entry)))];
    }

    private static string? Details(ActivityEntry entry)
    {
        if (entry.After is null) return null;
        using var after = System.Text.Json.JsonDocument.Parse(entry.After);
        return string.Join(", ", after.RootElement.EnumerateObject()
            .Where(member => member.Value.ValueKind == System.Text.Json.JsonValueKind.Number)
            .Select(member => $"{member.Value.GetInt64():N0} {member.Name}"));
    }
}
