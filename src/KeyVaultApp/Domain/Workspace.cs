namespace KeyVaultApp.Domain;

/// <summary>The tenant boundary: agents and users belong to it, keys are assigned to it.</summary>
public sealed class Workspace : IVersioned
{
    public const int NameMaxLength = 100;

    private Workspace()
    {
    }

    public Workspace(Guid id, string name, DateTimeOffset now)
    {
        Id = id;
        CreatedAt = now;
        Rename(name, now);
    }

    public Guid Id { get; private set; }
    public string Name { get; private set; } = "";
    public string NormalizedName { get; private set; } = "";

    /// <summary>The phase of this workspace alone; null follows the installation.</summary>
    public RolloutPhase? Phase { get; set; }

    public int Version { get; set; } = 1;
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset UpdatedAt { get; private set; }

    public void Touch(DateTimeOffset now) => UpdatedAt = now;

    public void Rename(string name, DateTimeOffset now)
    {
        Name = name;
        NormalizedName = Text.Normalize(name);
        UpdatedAt = now;
    }
}

/// <summary>A user works with the agents of this workspace.</summary>
public sealed class WorkspaceMember
{
    public required Guid WorkspaceId { get; init; }
    public required Guid UserId { get; init; }
}
