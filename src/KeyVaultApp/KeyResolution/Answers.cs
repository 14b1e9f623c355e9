using KeyVaultApp.Domain;
using Microsoft.AspNetCore.Http.HttpResults;

namespace KeyVaultApp.KeyResolution;

/// <summary>
/// What a runtime is told. Here alone a value leaves the product: it is revealed into the response body and nowhere else.
/// </summary>
internal static class Answers
{
    public sealed record One(
        Guid AgentId, KeyKind Kind, string Value, KeySource Source, string? Provider, string? Region, Guid? KeyId, string? KeyName, int? KeyVersion);

    /// <summary>A slot among the three: the key, or the code and reason why there is none.</summary>
    public sealed record Slot(
        string? Value, KeySource? Source, string? Provider, string? Region, Guid? KeyId, string? KeyName, int? KeyVersion, string? Code, UnavailableReason? Reason);

    public sealed record All(Guid AgentId, IReadOnlyDictionary<string, Slot> Slots);

    private const string NotConfigured = "not_configured";
    private const string KeyUnavailable = "key_unavailable";

    public static Results<Ok<One>, ProblemHttpResult> OfOne(AgentResolution agent, KeyKind kind) => agent.Slots[kind].Answer switch
    {
        Resolution.Found found => TypedResults.Ok(new One(
            agent.AgentId, kind, found.Value.Reveal(), found.Source, found.Key?.Provider, found.Key?.Region, found.Key?.Id, found.Key?.Name, found.Key?.Version)),
        Resolution.Unavailable broken => Problem(
            StatusCodes.Status409Conflict, KeyUnavailable, $"The agent names a key that cannot be used: {Word(broken.Reason)}. See explain.", ("reason", broken.Reason), ("key_id", broken.KeyId)),
        _ => Problem(StatusCodes.Status404NotFound, NotConfigured, $"Nothing is configured for {kind.Word()}."),
    };

    public static All OfAll(AgentResolution agent) => new(
        agent.AgentId,
        agent.Slots.ToDictionary(slot => slot.Key.Word(), slot => slot.Value.Answer switch
        {
            Resolution.Found found => new Slot(
                found.Value.Reveal(), found.Source, found.Key?.Provider, found.Key?.Region, found.Key?.Id, found.Key?.Name, found.Key?.Version, null, null),
            Resolution.Unavailable broken => new Slot(null, broken.Source, null, null, broken.KeyId, broken.KeyName, null, KeyUnavailable, broken.Reason),
            _ => new Slot(null, null, null, null, null, null, null, NotConfigured, null),
        }));

    public static ProblemHttpResult NoAgent() => Problem(StatusCodes.Status404NotFound, "not_found", "There is no such agent.");

    public static ProblemHttpResult UnknownKind() => Problem(
        StatusCodes.Status400BadRequest, "invalid", "kind must be tts, stt or elevenlabs.",
        ("errors", new Dictionary<string, string[]> { ["kind"] = ["kind must be tts, stt or elevenlabs."] }));

    private static ProblemHttpResult Problem(int status, string code, string detail, params (string Name, object Fact)[] facts) => TypedResults.Problem(
        detail, statusCode: status, extensions: facts.ToDictionary(fact => fact.Name, fact => (object?)fact.Fact).Append(new("code", code)));

    private static string Word(UnavailableReason reason) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString());
}
