using KeyVaultApp.Domain;
using KeyVaultApp.Keys;
using KeyVaultApp.Web;

namespace KeyVaultApp.KeyTesting;

/// <summary>Tests a value at the provider that its key names. A provider that is not in the settings is asked nothing.</summary>
internal sealed class TestValue(Providers providers, AskProvider ask) : ITestKeys
{
    IReadOnlyList<KeyProvider> ITestKeys.Providers =>
        [.. providers.For(kind: null).Select(provider => new KeyProvider(provider.Name, provider.Title, provider.Kinds, provider.NeedsRegion))];

    public async Task<KeyTrial> TryAsync(KeyCandidate candidate, bool skip, CancellationToken ct)
    {
        if (!skip && providers.TryFind(candidate.Provider, out var provider) && provider.Address(candidate.Region) is null)
            throw Refusal.Invalid("region", $"region is missing: keys of {provider.Title} belong to one, such as westeurope. Name it, or save untested with skip_test.");
        var test = skip ? KeyTestResult.Untested("Saved without asking the provider, as was wished.") : await RunAsync(candidate, ct);
        return new KeyTrial(test, [.. Warnings(candidate)]);
    }

    public async Task<KeyTestResult> RunAsync(KeyCandidate key, CancellationToken ct)
    {
        if (key.Provider is null) return KeyTestResult.Untested("Not tested: it is not known whose key this is.");
        if (!providers.TryFind(key.Provider, out var provider))
            return KeyTestResult.Untested(key.Provider == KeyProvider.Other ? "Not tested: a key under other is not tested." : $"Not tested: nothing in the settings says how to ask {key.Provider}.");
        if (provider.Address(key.Region) is not { } address) return KeyTestResult.Untested($"Not tested: {provider.Title} needs a region, and the key has none.");
        return await ask.RunAsync(provider, address, key.Value, ct);
    }

    private IEnumerable<string> Warnings(KeyCandidate candidate)
    {
        if (!providers.TryFind(candidate.Provider, out var provider)) yield break;
        if (!provider.Kinds.Contains(candidate.Kind)) yield return $"{provider.Title} is not known here for {candidate.Kind.Word()} keys.";
        if (provider.Shape is { } shape && !shape.IsMatch(candidate.Value.Reveal())) yield return $"The value does not look like the keys that {provider.Title} usually gives out.";
    }
}
