namespace KeyVaultApp.Domain;

/// <summary>Stored numbers; they never move.</summary>
public enum DataKeyPurpose
{
    Values = 1,
    Fingerprints = 2,
}

/// <summary>Stored numbers; they never move.</summary>
public enum DataKeyState
{
    Active = 1,
    DecryptOnly = 2,
}

/// <summary>A numbered key of the keyring, wrapped by the master key, which is never in the database.</summary>
public sealed class DataKey
{
    public required int Number { get; init; }
    public required DataKeyPurpose Purpose { get; init; }
    public DataKeyState State { get; set; } = DataKeyState.Active;
    public required byte[] Wrapped { get; set; }

    /// <summary>Which master key wraps it: 8 hex digits that tell master keys apart and say nothing else about them.</summary>
    public required string MasterKeyId { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}
