namespace KeyVaultApp.Domain;

/// <summary>A credential for programs. Only a hash of it is kept: the token itself is shown once, when it is made.</summary>
public sealed class AccessToken
{
    public const int NameMaxLength = 100;

    public required Guid Id { get; init; }
    public required string Name { get; init; }
    public required Role Role { get; init; }

    /// <summary>SHA-256 of the token: it carries 256 random bits, so a slow hash would add nothing.</summary>
    public required byte[] Hash { get; init; }

    public required bool AllWorkspaces { get; init; }
    public List<AccessTokenWorkspace> Workspaces { get; } = [];
    public required DateTimeOffset CreatedAt { get; init; }
    public required string CreatedBy { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? RevokedAt { get; private set; }

    public bool IsUsable(DateTimeOffset now) => RevokedAt is null && !(ExpiresAt <= now);

    public void Revoke(DateTimeOffset now) => RevokedAt ??= now;
}

public sealed class AccessTokenWorkspace
{
    public required Guid TokenId { get; init; }
    public required Guid WorkspaceId { get; init; }
}
