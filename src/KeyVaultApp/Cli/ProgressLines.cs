namespace KeyVaultApp.Cli;

/// <summary>Says how far something is: nothing if it is quick, a line every two seconds if it is not.</summary>
internal sealed class ProgressLines(TextWriter to, TimeProvider clock) : IProgress<string>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private long _last = clock.GetTimestamp();

    public void Report(string value)
    {
        if (clock.GetElapsedTime(_last) < Pause) return;
        _last = clock.GetTimestamp();
        to.WriteLine(value);
    }
}
