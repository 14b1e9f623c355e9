using KeyVaultApp.Domain;

namespace KeyVaultApp.Keys;

/// <summary>
/// Lets a value be tested before it is saved. Keys/ seals values and can read none, so who reveals one to ask its provider
/// stands elsewhere: KeyTesting/ fills this seam (docs/decisions/0007).
/// </summary>
public interface ITestKeys
{
    /// <summary>What a form offers. Every other provider may be named too; its keys are saved untested.</summary>
    IReadOnlyList<KeyProvider> Providers { get; }

    /// <summary>
    /// Asks the provider, outside of any transaction. Never throws for what the provider or the network does: that is an outcome.
    /// </summary>
    /// <param name="skip">Saves untested: the provider is not asked, the warnings are still given.</param>
    /// <exception cref="Web.Refusal">The provider needs a region, and none is named.</exception>
    Task<KeyTrial> TryAsync(KeyCandidate candidate, bool skip, CancellationToken ct);
}

/// <summary>A provider that can be asked.</summary>
public sealed record KeyProvider(string Name, string Title, IReadOnlyList<KeyKind> Kinds, bool NeedsRegion)
{
    /// <summary>What a key is put under whose provider is none of these: nobody is asked about it.</summary>
    public const string Other = "other";
}

/// <summary>A value that is about to be saved, and where it belongs.</summary>
public sealed record KeyCandidate(KeyKind Kind, string? Provider, string? Region, Secret Value);

/// <param name="Warnings">What looks wrong and does not stop the save.</param>
public sealed record KeyTrial(KeyTestResult Test, IReadOnlyList<string> Warnings);

/// <summary>What a test found out.</summary>
/// <param name="Detail">What it means, in a sentence of ours.</param>
/// <param name="Asked">Method and host; null where nobody was asked.</param>
public sealed record KeyTestResult(TestOutcome Outcome, string Detail, int LatencyMs, string? Asked)
{
    public static KeyTestResult Untested(string why) => new(TestOutcome.Untested, why, 0, null);
}
