namespace KeyVaultApp.Domain;

/// <summary>A voice agent in one workspace, with one slot for each key kind. What its old columns hold is not part of this model.</summary>
public sealed class Agent : IVersioned
{
    public const int NameMaxLength = 200;
    public const int ExternalIdMaxLength = 200;

    private Agent()
    {
    }

    public Agent(Guid id, Guid workspaceId, string name, string? externalId, DateTimeOffset now)
    {
        Id = id;
        WorkspaceId = workspaceId;
        CreatedAt = now;
        Describe(name, externalId, now);
    }

    public Guid Id { get; private set; }
    public Guid WorkspaceId { get; private set; }
    public Workspace Workspace { get; private set; } = null!;
    public string Name { get; private set; } = "";
    public string NormalizedName { get; private set; } = "";

    /// <summary>The id by which the customer's runtime knows the agent; unique in its workspace, compared to the letter.</summary>
    public string? ExternalId { get; private set; }

    public Guid? SelectedTtsKeyId { get; private set; }
    public Guid? SelectedSttKeyId { get; private set; }
    public Guid? SelectedElevenlabsKeyId { get; private set; }
    public int Version { get; set; } = 1;
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset UpdatedAt { get; private set; }

    public void Describe(string name, string? externalId, DateTimeOffset now)
    {
        Name = name;
        NormalizedName = Text.Normalize(name);
        ExternalId = externalId;
        UpdatedAt = now;
    }

    public void Touch(DateTimeOffset now) => UpdatedAt = now;

    public Guid? Reference(KeyKind kind) => kind switch
    {
        KeyKind.Tts => SelectedTtsKeyId,
        KeyKind.Stt => SelectedSttKeyId,
        KeyKind.Elevenlabs => SelectedElevenlabsKeyId,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public void Select(KeyKind kind, Guid? keyId, DateTimeOffset now)
    {
        switch (kind)
        {
            case KeyKind.Tts: SelectedTtsKeyId = keyId; break;
            case KeyKind.Stt: SelectedSttKeyId = keyId; break;
            case KeyKind.Elevenlabs: SelectedElevenlabsKeyId = keyId; break;
            default: throw new ArgumentOutOfRangeException(nameof(kind));
        }

        UpdatedAt = now;
    }
}

/// <summary>How a caller names an agent: by our id, or by the runtime's own id inside a workspace.</summary>
public abstract record AgentAddress
{
    public sealed record ById(Guid AgentId) : AgentAddress;

    public sealed record ByExternalId(Guid WorkspaceId, string ExternalId) : AgentAddress;
}
