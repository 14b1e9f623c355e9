namespace KeyVaultApp.Domain;

/// <summary>A returned workbook between preview and application: what was filled in, by fingerprint. Never the file, never a value.</summary>
public sealed class KeyAuditUpload
{
    /// <summary>After that it is deleted, applied or not.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    public required Guid Id { get; init; }
    public required DateTimeOffset At { get; init; }
    public required ActorKind ByKind { get; init; }
    public Guid? ById { get; init; }
    public required string By { get; init; }

    /// <summary>The rows with a decision, as JSON.</summary>
    public required string Rows { get; init; }
}
