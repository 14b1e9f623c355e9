namespace KeyVaultApp.Domain;

/// <summary>A key that cookies and forms are protected with, wrapped by the master key. Every instance uses the same ones.</summary>
public sealed class DataProtectionKey
{
    public const int NameMaxLength = 100;

    public required Guid Id { get; init; }
    public required string Name { get; init; }
    public required string Xml { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}
