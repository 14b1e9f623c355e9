using FluentValidation;
using KeyVaultApp.Domain;
using KeyVaultApp.Keys;
using KeyVaultApp.Web;

namespace KeyVaultApp.KeyTesting;

/// <summary>Tests several keys, a few at a time. One that cannot be tested says so in its row and holds up no other.</summary>
public sealed class TestKeys
{
    public const int MostKeys = 50;
    private const int AtATime = 4;

    private readonly StoredValues _stored;
    private readonly TestValue _test;
    private readonly KeyTests _tests;

    internal TestKeys(StoredValues stored, TestValue test, KeyTests tests) => (_stored, _test, _tests) = (stored, test, tests);

    public sealed record Form(IReadOnlyList<Guid>? KeyIds);

    public sealed record Row(Guid KeyId, string KeyName, TestOutcome Outcome, string Detail, int LatencyMs, string? Asked);

    /// <param name="Results">In the order in which the keys were named.</param>
    public sealed record Answer(IReadOnlyList<Row> Results);

    private sealed class Validator : AbstractValidator<Form>
    {
        public Validator() => RuleFor(form => form.KeyIds)
            .Must(ids => ids is { Count: > 0 }).WithMessage("{PropertyName} is missing: name the keys to test.")
            .Must(ids => ids!.Count <= MostKeys).WithMessage($"{{PropertyName}} has more than {MostKeys} entries.");
    }

    private static readonly Validator Rules = new();

    public async Task<Answer> RunAsync(Form form, Actor actor, CancellationToken ct)
    {
        Rules.Check(form);
        var ids = form.KeyIds!.Distinct().ToList();
        var values = await _stored.OpenAsync(ids, ct);
        List<int> missing = [.. form.KeyIds!.Index().Where(named => !values.ContainsKey(named.Item)).Select(named => named.Index + 1)];
        if (missing is not []) throw Refusal.NotFound("key", "key_ids", missing);

        using var gate = new SemaphoreSlim(AtATime);
        var results = await Task.WhenAll(ids.Select(id => OneAsync(values[id], gate, ct)));
        foreach (var (key, result) in results)
            await _tests.KeepAsync(key.Id, key.Name, key.Version, result, actor, ct);
        return new Answer([.. results.Select(one => new Row(one.Key.Id, one.Key.Name, one.Result.Outcome, one.Result.Detail, one.Result.LatencyMs, one.Result.Asked))]);
    }

    private async Task<(StoredValue Key, KeyTestResult Result)> OneAsync(StoredValue key, SemaphoreSlim gate, CancellationToken ct)
    {
        if (key.Candidate is null) return (key, KeyTestResult.Untested("Not tested: the stored value does not open with the keyring of this installation. Replace it."));
        await gate.WaitAsync(ct);
        try
        {
            return (key, await _test.RunAsync(key.Candidate, ct));
        }
        finally
        {
            gate.Release();
        }
    }
}
