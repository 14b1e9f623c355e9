namespace KeyVaultApp.Domain;

/// <summary>What a provider makes of a key. The numbers are stored and never move; <see cref="Untested"/> is never stored.</summary>
public enum TestOutcome
{
    /// <summary>Nobody was asked.</summary>
    Untested = 0,

    /// <summary>The provider takes the key, perhaps not for everything.</summary>
    Valid = 1,

    /// <summary>The provider clearly refuses the key.</summary>
    Rejected = 2,

    /// <summary>Anything else: the network, a limit, trouble at the provider. It says nothing about the key.</summary>
    Inconclusive = 3,
}

/// <summary>One time that a provider was asked about one value of a KeyResource.</summary>
public sealed class KeyTest
{
    public const int DetailMaxLength = 500;
    public const int AskedMaxLength = 300;

    /// <summary>How many are kept of one key.</summary>
    public const int Kept = 50;

    public required Guid Id { get; init; }
    public required Guid KeyId { get; init; }

    /// <summary>Number of the value that was tested.</summary>
    public required int KeyVersion { get; init; }

    public required TestOutcome Outcome { get; init; }

    /// <summary>What it means, in a sentence of ours; nothing that the provider wrote.</summary>
    public required string Detail { get; init; }

    /// <summary>Method and host, such as <c>GET api.openai.com</c>.</summary>
    public required string? Asked { get; init; }

    public required int LatencyMs { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string By { get; init; }
}
