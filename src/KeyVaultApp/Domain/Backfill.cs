namespace KeyVaultApp.Domain;

/// <summary>Resolved values written into old columns, so that agents keep their answers back in direct_keys.</summary>
public sealed class Backfill
{
    public required Guid Id { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string By { get; init; }

    /// <summary>Null for the installation.</summary>
    public Guid? WorkspaceId { get; init; }

    /// <summary>Old columns written.</summary>
    public int Slots { get; set; }

    public DateTimeOffset? UndoneAt { get; set; }
    public string? UndoneBy { get; set; }
}

/// <summary>One old column that a backfill wrote, with what stood there, sealed.</summary>
public sealed class BackfillEntry
{
    public required Guid BackfillId { get; init; }
    public required Guid AgentId { get; init; }
    public required KeyKind Kind { get; init; }

    /// <summary>What stood there; null where nothing did.</summary>
    public byte[]? Sealed { get; set; }

    /// <summary>The data key that sealed it.</summary>
    public int? DataKeyNumber { get; set; }

    /// <summary>Of what was written: undoing leaves alone what was edited since.</summary>
    public required string FingerprintAfter { get; init; }

    /// <summary>The reference that the slot had; writing an old column does not change it.</summary>
    public required Guid KeyId { get; init; }
}
