namespace KeyVaultApp.Domain;

/// <summary>Who did what, when, to what. Written in the transaction of the change it tells of.</summary>
public sealed class ActivityEntry
{
    public required Guid Id { get; init; }
    public required DateTimeOffset At { get; init; }
    public required ActorKind ActorKind { get; init; }
    public Guid? ActorId { get; init; }
    public required string ActorName { get; init; }

    /// <summary>What was done, such as <c>key_replaced</c>.</summary>
    public required string Action { get; init; }

    /// <summary>What it was done to: <c>key</c>, <c>agent</c>, <c>workspace</c>, <c>user</c>, <c>token</c>, <c>rollout</c>, <c>key_audit</c>.</summary>
    public required string TargetKind { get; init; }

    public Guid? TargetId { get; init; }
    public required string TargetName { get; init; }
    public Guid? WorkspaceId { get; init; }

    /// <summary>JSON objects with what the change was about, as it was and as it is; never a value of a key.</summary>
    public string? Before { get; init; }

    public string? After { get; init; }
    public string? Address { get; init; }
    public string? TraceId { get; init; }
}
