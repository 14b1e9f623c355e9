namespace KeyVaultApp.Domain;

/// <summary>The numbers are stored and never move.</summary>
public enum RunState
{
    /// <summary>Waits for an instance to take it up.</summary>
    Pending = 1,
    Running = 2,
    Paused = 3,
    Stopped = 4,
    Completed = 5,
    Failed = 6,
}

/// <summary>What somebody asked a run to do; it obeys between two batches. The numbers are stored and never move.</summary>
public enum RunRequest
{
    None = 0,
    Pause = 1,
    Stop = 2,
}

/// <summary>How far a run is; each step can be taken up again where it was left. The numbers are stored and never move.</summary>
public enum RunStep
{
    Keys = 1,
    Agents = 2,
    Check = 3,
}

/// <summary>What became of one slot in a run. The numbers are stored and never move.</summary>
public enum SlotOutcome
{
    Linked = 1,

    /// <summary>The old column holds another value than when the plan was made.</summary>
    LegacyChanged = 2,

    /// <summary>Somebody gave the slot a reference since.</summary>
    AlreadyReferenced = 3,

    /// <summary>The agent was deleted since, perhaps with its workspace.</summary>
    AgentGone = 4,

    /// <summary>The KeyResource can no longer be used there.</summary>
    KeyUnavailable = 5,

    /// <summary>The workspace reads references alone by now: the agent would get a key where it gets none.</summary>
    ReferencesOnly = 6,

    /// <summary>Rolled back: the slot has again what it had.</summary>
    Restored = 11,

    /// <summary>Not rolled back: the slot no longer holds what the run wrote.</summary>
    EditedSince = 12,

    /// <summary>Not rolled back: the agent would get another key than now, or none.</summary>
    AnswerWouldChange = 13,
}

/// <summary>A plan on its way, or a run on its way back. One at a time in the installation.</summary>
public sealed class MigrationRun
{
    public const int ErrorMaxLength = 500;

    public required Guid Id { get; init; }
    public required Guid PlanId { get; init; }

    /// <summary>The run that this one rolls back; null where it carries out the plan.</summary>
    public Guid? RollsBack { get; init; }

    /// <summary>A roll-back only: also agents whose answer changes by it.</summary>
    public bool Force { get; init; }

    /// <summary>A roll-back only: KeyResources that the run made and nobody uses are deleted at the end.</summary>
    public bool RemoveUnusedKeys { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required ActorKind CreatedByKind { get; init; }
    public Guid? CreatedById { get; init; }
    public required string CreatedBy { get; init; }
    public RunState State { get; set; } = RunState.Pending;
    public RunRequest Request { get; set; }
    public RunStep Step { get; set; } = RunStep.Keys;

    /// <summary>The last agent that is done, in the order of ids.</summary>
    public Guid? Cursor { get; set; }

    /// <summary>Slots it is about.</summary>
    public required int Total { get; init; }

    public int Done { get; set; }
    public int Linked { get; set; }

    /// <summary>KeyResources made.</summary>
    public int Created { get; set; }

    /// <summary>Assignments made.</summary>
    public int Assigned { get; set; }

    public int Skipped { get; set; }
    public int Failed { get; set; }

    /// <summary>What the shadow check of the plan's workspaces found at the end: slots with a legacy key and a reference that are the same key, and that differ.</summary>
    public int? ShadowSame { get; set; }

    public int? ShadowDifferent { get; set; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Why it failed, in words of ours.</summary>
    public string? Error { get; set; }
}

/// <summary>The KeyResource that a run uses for a legacy key that had none.</summary>
public sealed class RunKey
{
    public required Guid RunId { get; init; }
    public required KeyKind Kind { get; init; }
    public required string Fingerprint { get; init; }

    /// <summary>Null where it could not be made.</summary>
    public Guid? KeyId { get; init; }
}

/// <summary>An assignment that a run added.</summary>
public sealed class RunAssignment
{
    public required Guid RunId { get; init; }
    public required Guid KeyId { get; init; }
    public required Guid WorkspaceId { get; init; }
}

/// <summary>What a run did to one slot, and what was there before.</summary>
public sealed class JournalEntry
{
    public required Guid RunId { get; init; }
    public required Guid AgentId { get; init; }
    public required KeyKind Kind { get; init; }
    public required SlotOutcome Outcome { get; init; }
    public Guid? KeyBefore { get; init; }
    public Guid? KeyAfter { get; init; }
}

/// <summary>Which run is on its way, and who works on it: a single row, made by a schema migration.</summary>
public sealed class MigrationLease
{
    public const int OnlyId = 1;

    public int Id { get; init; } = OnlyId;

    /// <summary>The run that has not ended; null where there is none, so that another may start.</summary>
    public Guid? RunId { get; set; }

    /// <summary>The instance that works on it, by machine and process.</summary>
    public string? Holder { get; set; }

    /// <summary>From then on another instance may take it over.</summary>
    public DateTimeOffset? Until { get; set; }
}
