namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>A bar where somebody looks at a terminal, else a line every two seconds.</summary>
internal sealed class RunProgress(TextWriter to, bool isRedirected, TimeProvider clock)
{
    private const int Width = 30;
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenBars = TimeSpan.FromMilliseconds(250);

    private readonly long _started = clock.GetTimestamp();
    private int? _before;
    private string? _told;
    private int _shown;

    public TimeSpan Pause => isRedirected ? BetweenLines : BetweenBars;

    public void Tell(GetRun.Answer run)
    {
        // A bar is drawn again for its time left; a line that stands there already tells nothing.
        if (isRedirected && _told == Counts(run)) return;
        _before ??= run.Done;
        var rate = (run.Done - _before.Value) / Math.Max(clock.GetElapsedTime(_started).TotalSeconds, 0.001);
        _told = Counts(run);
        var text = _told + (rate > 0 ? $"  {rate:N0}/s" : "") + (rate > 0 && run.Done < run.Total ? $"  {RunWords.Took((run.Total - run.Done) / rate)} left" : "");
        if (isRedirected)
        {
            to.WriteLine(text);
            return;
        }

        var full = run.Total == 0 ? Width : (int)((long)Width * run.Done / run.Total);
        var bar = $"[{new string('#', full)}{new string('.', Width - full)}] {text}";
        to.Write($"\r{bar.PadRight(_shown)}");
        _shown = bar.Length;
    }

    public void End(GetRun.Answer run)
    {
        Tell(run);
        if (!isRedirected) to.WriteLine();
    }

    private static string Counts(GetRun.Answer run) =>
        $"{run.Done:N0} of {run.Total:N0} slots  linked {run.Linked + run.Restored:N0}  skipped {run.Skipped:N0}  failed {run.Failed:N0}";
}
