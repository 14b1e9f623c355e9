using KeyVaultApp.Domain;

namespace KeyVaultApp.Dashboard;

/// <summary>How often old columns still gave an answer in the last 30 days, today included. It should go down to nothing.</summary>
public sealed class ReadsOfOldColumns(ILegacyKeys legacy, TimeProvider clock)
{
    public const int Days = 30;

    /// <param name="Reads">One number a kind, in the order of <see cref="KeyKinds.All"/>.</param>
    public sealed record Day(DateOnly Date, IReadOnlyList<long> Reads);

    /// <param name="Rows">Every day, oldest first.</param>
    public sealed record Answer(long Total, IReadOnlyList<Day> Rows);

    /// <returns>Null where there are no old columns.</returns>
    public async Task<Answer?> RunAsync(CancellationToken ct)
    {
        if (!legacy.Exist) return null;
        var first = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(1 - Days);
        var counted = (await legacy.ReadsSinceAsync(first, ct)).ToDictionary(day => (day.Day, day.Kind), day => day.Reads);
        return new Answer(
            counted.Values.Sum(),
            [.. Enumerable.Range(0, Days).Select(first.AddDays).Select(day => new Day(day, [.. KeyKinds.All.Select(kind => counted.GetValueOrDefault((day, kind)))]))]);
    }
}
