namespace KeyVaultApp.Domain;

/// <summary>How far the switch from raw keys to references has gone. The numbers are stored and never move.</summary>
public enum RolloutPhase
{
    DirectKeys = 1,
    ReferencesWithFallback = 2,
    ReferencesOnly = 3,
}

/// <summary>Whether the old columns exist. The numbers are stored and never move.</summary>
public enum LegacyColumns
{
    Present = 1,
    Closing = 2,
    Absent = 3,
}

/// <summary>The phase of the installation: a single row, made by the first migration.</summary>
public sealed class RolloutState : IVersioned
{
    public const int OnlyId = 1;

    public int Id { get; init; } = OnlyId;
    public RolloutPhase Phase { get; set; } = RolloutPhase.ReferencesOnly;
    public LegacyColumns LegacyColumns { get; init; } = LegacyColumns.Absent;
    public int Version { get; set; } = 1;
}
