namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>Tells this instance that there may be a run to take up; the others find out when they look.</summary>
public sealed class RunSignal : IDisposable
{
    private readonly SemaphoreSlim _raised = new(0);

    public void Raise() => _raised.Release();

    /// <summary>Waits until it is raised, and no longer than this.</summary>
    public Task WaitAsync(TimeSpan longest, CancellationToken ct) => _raised.WaitAsync(longest, ct);

    public void Dispose() => _raised.Dispose();
}
