namespace KeyVaultApp.Domain;

/// <summary>Where a dry run puts a legacy key. The numbers are stored and never move.</summary>
public enum PlanBucket
{
    /// <summary>A KeyResource with its fingerprint is assigned to the workspace.</summary>
    Link = 1,

    /// <summary>There is such a KeyResource, and the workspace gets it assigned.</summary>
    AssignAndLink = 2,

    /// <summary>One KeyResource is made of it, for every workspace that holds it.</summary>
    Create = 3,

    /// <summary>A person has to say what is meant.</summary>
    NeedsDecision = 4,

    /// <summary>The agents have a reference already, or do not read their old column.</summary>
    NothingToDo = 5,
}

/// <summary>What a run does with a legacy key. The numbers are stored and never move.</summary>
public enum PlanAction
{
    Link = 1,
    Create = 2,
    Leave = 3,
}

/// <summary>Why nothing could be proposed. The numbers are stored and never move.</summary>
public enum PlanProblem
{
    /// <summary>It looks wrong: <see cref="PlanGroup.Findings"/> says how.</summary>
    Hygiene = 1,

    /// <summary>A UUID that is no KeyResource and never was one.</summary>
    UnknownId = 2,

    /// <summary>The KeyResource is disabled.</summary>
    Disabled = 3,

    /// <summary>The KeyResource has expired.</summary>
    Expired = 4,

    /// <summary>Several KeyResources hold the value.</summary>
    SeveralKeys = 5,

    /// <summary>The old column names a KeyResource of another kind.</summary>
    WrongKind = 6,

    /// <summary>The old column names a KeyResource that was deleted.</summary>
    Deleted = 7,

    /// <summary>The old column names a KeyResource that its workspace may not use.</summary>
    NotAssigned = 8,

    /// <summary>The workspace reads references alone: its agents would get a key where they get none now. There is nothing to do.</summary>
    ReferencesOnly = 9,
}

/// <summary>What a bulk migration would do: found by a dry run, decided by people, and run exactly as it stands. It keeps fingerprints, never values.</summary>
public sealed class MigrationPlan : IVersioned
{
    public const int HashLength = 64;

    public required Guid Id { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required string CreatedBy { get; init; }

    /// <summary>Whether it is about the installation; else about <see cref="Workspaces"/>.</summary>
    public required bool AllWorkspaces { get; init; }

    public List<PlanWorkspace> Workspaces { get; } = [];

    /// <summary>SHA-256 over what was found, 64 hex digits.</summary>
    public required string ContentHash { get; set; }

    /// <summary>SHA-256 over what was found and what was decided: a run names it.</summary>
    public required string Hash { get; set; }

    public int Version { get; set; } = 1;
}

/// <summary>A workspace that a plan is about. It may be deleted since.</summary>
public sealed class PlanWorkspace
{
    public required Guid PlanId { get; init; }
    public required Guid WorkspaceId { get; init; }
}

/// <summary>One legacy key of one workspace and kind, with all agents that hold it.</summary>
public sealed class PlanGroup
{
    public required Guid PlanId { get; init; }

    /// <summary>From 1, in the order in which the dry run, which reads agents by id, first met them.</summary>
    public required int Number { get; init; }

    public required Guid WorkspaceId { get; init; }
    public required string WorkspaceName { get; init; }
    public required KeyKind Kind { get; init; }
    public required string Fingerprint { get; init; }
    public string? Last4 { get; init; }

    /// <summary>How many agents hold it.</summary>
    public required int Agents { get; init; }

    /// <summary>As the dry run found it; decisions do not move it.</summary>
    public required PlanBucket Bucket { get; init; }

    public PlanProblem? Problem { get; init; }
    public HygieneFindings Findings { get; init; }

    /// <summary>What a run does; null waits for a decision, or there is nothing to do.</summary>
    public PlanAction? Action { get; private set; }

    /// <summary>The KeyResource to link to.</summary>
    public Guid? KeyId { get; private set; }

    /// <summary>The name of the KeyResource to make.</summary>
    public string? KeyName { get; private set; }

    /// <summary>Whether a person said so.</summary>
    public bool IsDecided { get; private set; }

    public void Propose(PlanAction action, Guid? keyId, string? keyName) => (Action, KeyId, KeyName) = (action, keyId, keyName);

    public void Decide(PlanAction action, Guid? keyId, string? keyName)
    {
        Propose(action, keyId, keyName);
        IsDecided = true;
    }
}

/// <summary>An agent with legacy keys and no reference, with the group that each of its slots belongs to.</summary>
public sealed class PlanAgent
{
    public required Guid PlanId { get; init; }
    public required Guid AgentId { get; init; }
    public int? TtsGroup { get; init; }
    public int? SttGroup { get; init; }
    public int? ElevenlabsGroup { get; init; }
}
