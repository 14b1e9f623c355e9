using KeyVaultApp.Domain;
using KeyVaultApp.Keys;
using KeyVaultApp.Web;

namespace KeyVaultApp.KeyTesting;

/// <summary>Tests the stored value of one key, and keeps what came of it.</summary>
public sealed class TestKey
{
    private readonly StoredValues _stored;
    private readonly TestValue _test;
    private readonly KeyTests _tests;

    internal TestKey(StoredValues stored, TestValue test, KeyTests tests) => (_stored, _test, _tests) = (stored, test, tests);

    public async Task<KeyTestResult> RunAsync(Guid id, Actor actor, CancellationToken ct)
    {
        var values = await _stored.OpenAsync([id], ct);
        if (!values.TryGetValue(id, out var key)) throw Refusal.NotFound("key");
        if (key.Candidate is null) throw Refusal.Conflict("key_unreadable", "The stored value does not open with the keyring of this installation, so it cannot be tested. Replace it.");

        var result = await _test.RunAsync(key.Candidate, ct);
        if (result.Outcome == TestOutcome.Untested)
            throw Refusal.Conflict("key_untestable", $"{result.Detail} Replace the value and name the provider with it, or have the provider added to the settings.");
        await _tests.KeepAsync(key.Id, key.Name, key.Version, result, actor, ct);
        return result;
    }
}
