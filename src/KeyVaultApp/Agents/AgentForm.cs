using KeyVaultApp.Domain;

namespace KeyVaultApp.Agents;

/// <summary>What the page of one agent shows.</summary>
/// <param name="Agent">Null for a new one.</param>
/// <param name="TakesRawKeys">Whether raw keys are typed in here; else keys are picked.</param>
/// <param name="WhomToAsk">Administrators, for those who may not make keys themselves; empty for those who may.</param>
public sealed record AgentForm(
    AgentRow? Agent, Guid WorkspaceId, string WorkspaceName, RolloutPhase Phase, bool TakesRawKeys, bool MayManageKeys,
    IReadOnlyList<string> WhomToAsk, string? Name, string? ExternalId, int? Version, IReadOnlyList<SlotForm> Slots)
{
    /// <summary>The page with what was typed into it, for the next try. Secrets are typed again.</summary>
    public AgentForm With(AgentMembers typed, int? version, IReadOnlyList<KeyKind> cleared) => this with
    {
        Name = typed.Name,
        ExternalId = typed.ExternalId,
        Version = version,
        Slots = [.. Slots.Select(slot => slot with { Selected = typed.Reference(slot.Kind), Clears = cleared.Contains(slot.Kind), IsPreselected = false })],
    };
}

/// <summary>One slot of the form.</summary>
/// <param name="Now">What it resolves to at present.</param>
/// <param name="Reference">The stored reference, in force or not.</param>
/// <param name="OldKey">The old column in words, such as <c>raw key ...9f3a</c>; null where it holds nothing.</param>
/// <param name="IsPreselected">The selected key is not stored yet: it is the one that the old column holds.</param>
/// <param name="MakeKeyPage">Where the reader can make a key of what the old column holds; null where that is not theirs to do, or not needed.</param>
public sealed record SlotForm(
    KeyKind Kind, SlotRow Now, Guid? Reference, string? OldKey, IReadOnlyList<KeyChoice> Choices, Guid? Selected, bool IsPreselected, string? MakeKeyPage, bool Clears = false)
{
    public string LegacyField => AgentMembers.LegacyField(Kind);

    public string ReferenceField => AgentMembers.ReferenceField(Kind);

    /// <summary>What picking nothing means.</summary>
    public string EmptyChoice => OldKey is null ? "no key" : Reference is null ? $"keep {OldKey}" : $"back to {OldKey}";
}

/// <param name="WhyNot">Why it cannot be picked; null where it can.</param>
public sealed record KeyChoice(Guid Id, string Name, string? Provider, string? Last4, string? WhyNot)
{
    public string Text => string.Join(" · ", new[] { Name, Provider, Last4 is null ? null : $"...{Last4}", WhyNot }.OfType<string>());
}
