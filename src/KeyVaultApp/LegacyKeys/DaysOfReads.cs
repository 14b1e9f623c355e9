using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys;

/// <summary>The counted reads of old columns, day by day, summed over the workspaces.</summary>
internal static class DaysOfReads
{
    /// <summary>2026-01-31 as 20260131: sorted, legible and the same type in every database.</summary>
    public static long Number(DateOnly day) => (day.Year * 10_000) + (day.Month * 100) + day.Day;

    public static async Task<IReadOnlyList<LegacyReadsOfDay>> SinceAsync(KeyVaultDb db, DateOnly first, CancellationToken ct)
    {
        var rows = await db.Database.SqlQueryRaw<Row>(
            """
            SELECT day AS "Day", kind AS "Kind", CAST(SUM(reads) AS bigint) AS "Reads" FROM legacy_reads WHERE day >= {0} GROUP BY day, kind
            """, (int)Number(first)).ToListAsync(ct);
        return [.. rows.Select(row => new LegacyReadsOfDay(Date(row.Day), (KeyKind)row.Kind, row.Reads))];
    }

    private static DateOnly Date(int number) => new(number / 10_000, number / 100 % 100, number % 100);

    private sealed record Row(int Day, int Kind, long Reads);
}
