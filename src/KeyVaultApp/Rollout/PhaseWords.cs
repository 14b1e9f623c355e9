using KeyVaultApp.Domain;

namespace KeyVaultApp.Rollout;

/// <summary>What each phase means, for people.</summary>
public static class PhaseWords
{
    public static readonly IReadOnlyList<RolloutPhase> All = [RolloutPhase.DirectKeys, RolloutPhase.ReferencesWithFallback, RolloutPhase.ReferencesOnly];

    public static string Title(RolloutPhase phase) => phase switch
    {
        RolloutPhase.DirectKeys => "Direct keys",
        RolloutPhase.ReferencesWithFallback => "References with fallback",
        _ => "References only",
    };

    public static string Meaning(RolloutPhase phase) => phase switch
    {
        RolloutPhase.DirectKeys => "Agents use what stands in their old columns, and users type keys there. References can be prepared; they are ignored.",
        RolloutPhase.ReferencesWithFallback => "Users pick keys. An agent uses the key it references; where it references none, it uses its old column as before.",
        _ => "Agents use the keys they reference, and nothing else. Old columns are not read any more; they stay as they are.",
    };
}
