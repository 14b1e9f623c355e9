using KeyVaultApp.Domain;

namespace KeyVaultApp.KeyResolution;

/// <summary>The decision for one slot, step by step, without the value.</summary>
public static class ExplainKey
{
    /// <param name="Name">What was looked at: <c>phase</c>, <c>reference</c>, <c>legacy</c>, <c>answer</c>.</param>
    public sealed record Step(string Name, string Finding);

    /// <param name="Code"><c>resolved</c>, <c>not_configured</c> or <c>key_unavailable</c>.</param>
    public sealed record Answer(
        Guid AgentId, Guid WorkspaceId, KeyKind Kind, RolloutPhase Phase, string Code, KeySource? Source, UnavailableReason? Reason,
        Guid? KeyId, string? KeyName, int? KeyVersion, IReadOnlyList<Step> Steps);

    public static Answer Of(AgentResolution agent, KeyKind kind)
    {
        var slot = agent.Slots[kind];
        List<Step> steps = [new("phase", PhaseFinding(agent)), new("reference", ReferenceFinding(agent.Phase, slot))];
        if (agent.Phase == RolloutPhase.DirectKeys || !slot.ReferenceSet) steps.Add(new("legacy", LegacyFinding(agent.Phase, slot.Legacy)));
        steps.Add(new("answer", AnswerFinding(slot.Answer)));

        return slot.Answer switch
        {
            Resolution.Found found => new Answer(
                agent.AgentId, agent.WorkspaceId, kind, agent.Phase, "resolved", found.Source, null, found.Key?.Id, found.Key?.Name, found.Key?.Version, steps),
            Resolution.Unavailable broken => new Answer(
                agent.AgentId, agent.WorkspaceId, kind, agent.Phase, "key_unavailable", broken.Source, broken.Reason, broken.KeyId, broken.KeyName, null, steps),
            _ => new Answer(agent.AgentId, agent.WorkspaceId, kind, agent.Phase, "not_configured", null, null, null, null, null, steps),
        };
    }

    private static string PhaseFinding(AgentResolution agent) => (agent.PhaseIsOwn ? "The workspace" : "The installation") + agent.Phase switch
    {
        RolloutPhase.DirectKeys => " is in direct_keys: the old column decides.",
        RolloutPhase.ReferencesWithFallback => " is in references_with_fallback: the reference decides, and the old column where there is none.",
        _ => " is in references_only: the reference alone decides.",
    };

    private static string ReferenceFinding(RolloutPhase phase, SlotResolution slot) => (slot.ReferenceSet, phase) switch
    {
        (true, RolloutPhase.DirectKeys) => "A reference is set; this phase ignores it.",
        (true, _) => "A reference is set, so it gives the answer.",
        _ => "No reference is set.",
    };

    private static string LegacyFinding(RolloutPhase phase, LegacyForm? form) => (phase, form) switch
    {
        (RolloutPhase.ReferencesOnly, _) => "The old column is not read in this phase.",
        (_, null) => "The old column is empty.",
        (_, LegacyForm.KeyId) => "The old column holds the id of a key resource, so that one gives the answer.",
        (_, LegacyForm.UnknownUuid) => "The old column holds a UUID that never was a key resource: it is a raw key, used as it is.",
        _ => "The old column holds a raw key, used as it is.",
    };

    private static string AnswerFinding(Resolution answer) => answer switch
    {
        Resolution.Found { Key: { } key } => $"Version {key.Version} of {key.Name}.",
        Resolution.Found => "The raw key.",
        Resolution.Unavailable { Reason: UnavailableReason.Deleted } => "The key resource was deleted.",
        Resolution.Unavailable { Reason: UnavailableReason.WrongKind } broken => $"{broken.KeyName} is for another kind of slot.",
        Resolution.Unavailable { Reason: UnavailableReason.Disabled } broken => $"{broken.KeyName} is disabled.",
        Resolution.Unavailable { Reason: UnavailableReason.Expired } broken => $"{broken.KeyName} has expired.",
        Resolution.Unavailable { Reason: UnavailableReason.NotAssigned } broken => $"{broken.KeyName} is not assigned to this workspace.",
        Resolution.Unavailable broken => $"The value of {broken.KeyName} does not open with the keyring of this installation.",
        _ => "Nothing is configured for this slot.",
    };
}
