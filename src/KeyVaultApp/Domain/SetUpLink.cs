namespace KeyVaultApp.Domain;

/// <summary>The one link by which the first administrator is made. Only a hash of it is kept.</summary>
public sealed class SetUpLink
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    public required Guid Id { get; init; }
    public required byte[] Hash { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
}
