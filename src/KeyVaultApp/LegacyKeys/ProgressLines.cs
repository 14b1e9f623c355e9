namespace KeyVaultApp.LegacyKeys;

/// <summary>Says now and then how far it is: nothing for short work, a line every two seconds for long work.</summary>
public sealed class ProgressLines(TextWriter to, TimeProvider clock)
{
    private const int RowsBetweenLooks = 1000;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private long _last = clock.GetTimestamp();

    public void Tell(string done, long rows)
    {
        if (rows % RowsBetweenLooks == 0) Tell($"{done} {rows:N0} rows");
    }

    public void Tell(string what)
    {
        if (clock.GetElapsedTime(_last) < Pause) return;
        _last = clock.GetTimestamp();
        to.WriteLine(what);
    }
}
