using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Keys;

/// <summary>The latest tests of a key, newest first.</summary>
public sealed class ListTests(KeyVaultDb db)
{
    public sealed record Row(Guid Id, int KeyVersion, TestOutcome Outcome, string Detail, string? Asked, int LatencyMs, DateTimeOffset At, string By);

    private static readonly Sorting<KeyTest> Sorting = new("-at", ("at", test => test.At));

    public async Task<Page<Row>> RunAsync(Guid keyId, ListQuery list, CancellationToken ct)
    {
        if (!await db.Keys.AnyAsync(key => key.Id == keyId, ct)) throw Refusal.NotFound("key");
        return await Sorting.Apply(db.KeyTests.AsNoTracking().Where(test => test.KeyId == keyId), list.Sort, test => test.Id)
            .Select(test => new Row(test.Id, test.KeyVersion, test.Outcome, test.Detail, test.Asked, test.LatencyMs, test.At, test.By))
            .ToPageAsync(list, ct);
    }
}
