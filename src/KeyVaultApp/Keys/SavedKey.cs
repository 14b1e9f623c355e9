namespace KeyVaultApp.Keys;

/// <summary>A key right after its value was saved: the row, what its provider made of the value, and what looks wrong.</summary>
public sealed record SavedKey : KeyRow
{
    public SavedKey(KeyRow row, KeyTrial trial)
        : base(row) => (Test, Warnings) = (trial.Test, trial.Warnings);

    public KeyTestResult Test { get; }

    /// <summary>Empty where there is nothing to say.</summary>
    public IReadOnlyList<string> Warnings { get; }
}
