using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.KeyResolution;
using KeyVaultApp.Keys;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.KeyTesting;

/// <summary>Resolves each slot of an agent as its runtime would, and tests what comes out. The value goes to its provider and nowhere else.</summary>
public sealed class CheckAgent
{
    private readonly KeyResolver _resolver;
    private readonly Providers _providers;
    private readonly TestValue _test;
    private readonly KeyTests _tests;
    private readonly KeyVaultDb _db;
    private readonly ActivityLog _activity;

    internal CheckAgent(KeyResolver resolver, Providers providers, TestValue test, KeyTests tests, KeyVaultDb db, ActivityLog activity) =>
        (_resolver, _providers, _test, _tests, _db, _activity) = (resolver, providers, test, tests, db, activity);

    /// <param name="Outcome">Null where the slot does not resolve, and <paramref name="Code"/> says why.</param>
    /// <param name="Code"><c>not_configured</c> or <c>key_unavailable</c>.</param>
    public sealed record Slot(
        KeySource? Source, TestOutcome? Outcome, string Detail, int? LatencyMs, string? Asked, string? Provider, Guid? KeyId, string? KeyName, int? KeyVersion,
        string? Code, UnavailableReason? Reason);

    public sealed record Answer(Guid AgentId, string AgentName, IReadOnlyDictionary<string, Slot> Slots);

    public async Task<Answer> RunAsync(Guid agentId, Actor actor, CancellationToken ct)
    {
        var resolved = await _resolver.ResolveAsync(new AgentAddress.ById(agentId), KeyKinds.All, actor, ct, counts: false) ?? throw Refusal.NotFound("agent");
        var agent = await _db.Agents.AsNoTracking().SingleOrDefaultAsync(row => row.Id == agentId, ct) ?? throw Refusal.NotFound("agent");
        var slots = await Task.WhenAll(KeyKinds.All.Select(async kind => (Kind: kind, Result: await OneAsync(resolved, kind, ct))));

        foreach (var key in slots.Select(slot => slot.Result).Where(slot => slot.KeyVersion is not null && slot.Outcome is not null).DistinctBy(slot => slot.KeyId))
            await _tests.KeepAsync(key.KeyId!.Value, key.KeyName!, key.KeyVersion!.Value, new KeyTestResult(key.Outcome!.Value, key.Detail, key.LatencyMs!.Value, key.Asked), actor, ct);
        var answer = new Answer(agentId, agent.Name, slots.ToDictionary(slot => slot.Kind.Word(), slot => slot.Result));
        _activity.Record(actor, Actions.AgentChecked, Target.Of(agent), after: answer.Slots.ToDictionary(slot => slot.Key, slot => Word(slot.Value)));
        await _db.SaveChangesAsync(ct);
        return answer;
    }

    private async Task<Slot> OneAsync(AgentResolution agent, KeyKind kind, CancellationToken ct)
    {
        switch (agent.Slots[kind].Answer)
        {
            case Resolution.Found found:
                var provider = found.Key is null ? OfRawKey(kind) : found.Key.Provider;
                var test = await _test.RunAsync(new KeyCandidate(kind, provider, found.Key?.Region, found.Value), ct);
                return new Slot(
                    found.Source, test.Outcome, test.Detail, test.LatencyMs, test.Asked, provider, found.Key?.Id, found.Key?.Name, found.Key?.Version, null, null);
            case Resolution.Unavailable broken:
                return new Slot(
                    broken.Source, null, ExplainKey.Of(agent, kind).Steps[^1].Finding, null, null, null, broken.KeyId, broken.KeyName, null, "key_unavailable", broken.Reason);
            default:
                return new Slot(null, null, "Nothing is configured for this slot.", null, null, null, null, null, null, "not_configured", null);
        }
    }

    /// <summary>A raw key names no provider. A column called after one does; what a tts or stt key belongs to is not guessed, since a guess would send it to a stranger.</summary>
    private string? OfRawKey(KeyKind kind) => _providers.TryFind(kind.Word(), out var provider) ? provider.Name : null;

    private static string Word(Slot slot) =>
        slot.Outcome is { } outcome ? Fields.WordOf(outcome) : slot.Reason is { } reason ? Fields.WordOf(reason) : slot.Code!;
}
