using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Keys;

/// <summary>Keeps what tests found out: the last one on the key, the latest of them as its history.</summary>
public sealed class KeyTests(KeyVaultDb db, ActivityLog activity, TimeProvider clock)
{
    public const string RejectedCode = "key_rejected";

    /// <summary>Only a clear refusal of the provider stops a save.</summary>
    internal static void RefuseIfRejected(KeyTestResult test)
    {
        if (test.Outcome != TestOutcome.Rejected) return;
        var message = $"{test.Detail} Nothing was saved. Check the value, or save it untested with skip_test.";
        throw new Refusal(RefusalKind.Invalid, RejectedCode, message)
        {
            Errors = new Dictionary<string, string[]> { ["value"] = [message] },
            Facts = new Dictionary<string, object?> { ["test"] = test },
        };
    }

    /// <summary>Adds the test of a value that is being saved to the same unit of work.</summary>
    internal void Add(KeyResource key, KeyTestResult result, Actor actor)
    {
        if (result.Outcome == TestOutcome.Untested) return;
        var test = Row(key.Id, key.CurrentVersion, result, actor);
        key.Tested(test);
        db.KeyTests.Add(test);
    }

    /// <summary>
    /// Keeps the test of a stored value. Where that was replaced or deleted meanwhile nothing is kept: the result would be told of
    /// another value. The key's version stays: whoever is editing it has lost nothing.
    /// </summary>
    public async Task KeepAsync(Guid keyId, string keyName, int keyVersion, KeyTestResult result, Actor actor, CancellationToken ct)
    {
        if (result.Outcome == TestOutcome.Untested) return;
        var test = Row(keyId, keyVersion, result, actor);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var kept = await db.Keys.Where(key => key.Id == keyId && key.CurrentVersion == keyVersion).ExecuteUpdateAsync(key => key
            .SetProperty(row => row.LastTestOutcome, test.Outcome)
            .SetProperty(row => row.LastTestDetail, test.Detail)
            .SetProperty(row => row.LastTestAsked, test.Asked)
            .SetProperty(row => row.LastTestLatencyMs, test.LatencyMs)
            .SetProperty(row => row.LastTestAt, test.At)
            .SetProperty(row => row.LastTestBy, test.By), ct);
        if (kept == 0) return;

        db.KeyTests.Add(test);
        activity.Record(actor, Actions.KeyTested, new Target("key", keyId, keyName), after: new { test.KeyVersion, test.Outcome, test.Asked });
        await db.SaveChangesAsync(ct);
        await PruneAsync(keyId, ct);
        await transaction.CommitAsync(ct);
    }

    internal Task PruneAsync(Guid keyId, CancellationToken ct) => db.KeyTests
        .Where(test => test.KeyId == keyId)
        .OrderByDescending(test => test.At).ThenByDescending(test => test.Id)
        .Skip(KeyTest.Kept)
        .ExecuteDeleteAsync(ct);

    private KeyTest Row(Guid keyId, int keyVersion, KeyTestResult result, Actor actor)
    {
        var now = clock.GetUtcNow();
        return new KeyTest
        {
            Id = Guid.CreateVersion7(now),
            KeyId = keyId,
            KeyVersion = keyVersion,
            Outcome = result.Outcome,
            Detail = Cut(result.Detail, KeyTest.DetailMaxLength)!,
            Asked = Cut(result.Asked, KeyTest.AskedMaxLength),
            LatencyMs = result.LatencyMs,
            At = now,
            By = actor.Name,
        };
    }

    private static string? Cut(string? text, int length) => text?.Length > length ? text[..length] : text;
}
