namespace KeyVaultApp.Domain;

/// <summary>Stored numbers; they never move. That a key is past its expiry is told by the clock, not by this column.</summary>
public enum KeyStatus
{
    Active = 1,
    Disabled = 2,
}

/// <summary>A named, typed, encrypted key that admins manage. Its versions hold the values; one of them is current.</summary>
public sealed class KeyResource : IVersioned
{
    public const int NameMaxLength = 100;
    public const int ProviderMaxLength = 50;
    public const int RegionMaxLength = 32;
    public const int NotesMaxLength = 2000;
    public const int ValueMaxLength = 4096;

    private KeyResource()
    {
    }

    public KeyResource(Guid id, KeyKind kind, string name, DateTimeOffset now)
    {
        Id = id;
        Kind = kind;
        CreatedAt = now;
        Rename(name, now);
    }

    public Guid Id { get; private set; }
    public string Name { get; private set; } = "";
    public string NormalizedName { get; private set; } = "";
    public KeyKind Kind { get; private set; }
    public string? Provider { get; set; }
    public string? Region { get; set; }
    public KeyStatus Status { get; private set; } = KeyStatus.Active;
    public int CurrentVersion { get; private set; }

    /// <summary>Of the current value, so that lists need not decrypt; null where the value is too short to show any.</summary>
    public string? Last4 { get; private set; }

    /// <summary>Of the current value: 64 hex digits.</summary>
    public string Fingerprint { get; private set; } = "";

    /// <summary>Of the current value; null while that was never tested.</summary>
    public TestOutcome? LastTestOutcome { get; private set; }

    public string? LastTestDetail { get; private set; }
    public string? LastTestAsked { get; private set; }
    public int? LastTestLatencyMs { get; private set; }
    public DateTimeOffset? LastTestAt { get; private set; }
    public string? LastTestBy { get; private set; }
    public DateTimeOffset? ExpiresAt { get; set; }
    public string? Notes { get; set; }
    public int Version { get; set; } = 1;
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset UpdatedAt { get; private set; }
    public List<KeyVersion> Versions { get; } = [];
    public List<KeyAssignment> Assignments { get; } = [];

    public bool IsExpired(DateTimeOffset now) => ExpiresAt <= now;

    public bool IsUsable(DateTimeOffset now) => Status == KeyStatus.Active && !IsExpired(now);

    public void Rename(string name, DateTimeOffset now)
    {
        Name = name;
        NormalizedName = Text.Normalize(name);
        UpdatedAt = now;
    }

    public void Disable(DateTimeOffset now)
    {
        Status = KeyStatus.Disabled;
        UpdatedAt = now;
    }

    public void Enable(DateTimeOffset now)
    {
        Status = KeyStatus.Active;
        UpdatedAt = now;
    }

    /// <summary>Makes this version the one that every agent follows from the next resolution on.</summary>
    public void Follow(KeyVersion version, DateTimeOffset now)
    {
        if (!Versions.Contains(version)) Versions.Add(version);
        CurrentVersion = version.Number;
        Last4 = version.Last4;
        Fingerprint = version.Fingerprint;
        Provider = version.Provider;
        Region = version.Region;
        UpdatedAt = now;
        RememberTest(null);
    }

    /// <summary>What was found out about the current value.</summary>
    public void Tested(KeyTest test)
    {
        if (test.KeyVersion == CurrentVersion) RememberTest(test);
    }

    public void Touch(DateTimeOffset now) => UpdatedAt = now;

    private void RememberTest(KeyTest? test)
    {
        LastTestOutcome = test?.Outcome;
        LastTestDetail = test?.Detail;
        LastTestAsked = test?.Asked;
        LastTestLatencyMs = test?.LatencyMs;
        LastTestAt = test?.At;
        LastTestBy = test?.By;
    }
}

/// <summary>One value of a KeyResource, sealed to its row: moved to another key, number or kind it does not open.</summary>
public sealed class KeyVersion
{
    public required Guid KeyId { get; init; }
    public required int Number { get; init; }
    public required byte[] Sealed { get; set; }

    /// <summary>The data key that sealed it. Storage lets no data key go while a version still needs it.</summary>
    public required int DataKeyNumber { get; set; }

    public required string Fingerprint { get; init; }
    public string? Last4 { get; init; }

    /// <summary>Where this value belongs. It stays with the value, so that no other provider is ever asked about it.</summary>
    public string? Provider { get; init; }

    public string? Region { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required string CreatedBy { get; init; }
}

/// <summary>The KeyResource may be used in the Workspace.</summary>
public sealed class KeyAssignment
{
    public required Guid KeyId { get; init; }
    public required Guid WorkspaceId { get; init; }
}

/// <summary>What stays of a deleted KeyResource: its id is never used again and stays recognisable in an old column.</summary>
public sealed class KeyTombstone
{
    public required Guid Id { get; init; }
    public required KeyKind Kind { get; init; }
    public required string Name { get; init; }
    public required DateTimeOffset DeletedAt { get; init; }
}
