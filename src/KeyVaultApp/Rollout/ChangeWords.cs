using KeyVaultApp.Domain;
using KeyVaultApp.Web;

namespace KeyVaultApp.Rollout;

/// <summary>What a switch would change, for people.</summary>
public static class ChangeWords
{
    public static string Why(ChangeReason reason) => reason switch
    {
        ChangeReason.ReferenceUnavailable => "the picked key does not resolve",
        ChangeReason.OtherValue => "the picked key is another one than the old column's",
        ChangeReason.NoReference => "no key is picked",
        ChangeReason.NoLegacyValue => "the old column is empty",
        ChangeReason.ReplacedSince => "the picked key was replaced since",
        ChangeReason.OtherKeyPicked => "the old column holds another key than the picked one",
        ChangeReason.LegacyUnavailable => "the key that the old column names does not resolve",
        _ => "no key is in force today, and one would be",
    };

    public static string Answer(ToldAnswer answer) => answer switch
    {
        { Reason: { } reason } => $"{(string.IsNullOrEmpty(answer.KeyName) ? "unknown key" : answer.KeyName)}: {Fields.WordOf(reason).Replace('_', ' ')}",
        { Code: not null } => "no key",
        { Source: KeySource.Legacy } => $"raw key{End(answer)}",
        { Source: KeySource.LegacyReference } => $"{answer.KeyName}{End(answer)}, by its id in the old column",
        _ => $"{answer.KeyName}{End(answer)}",
    };

    /// <summary>A line for each slot of the agent that changes.</summary>
    public static IEnumerable<string> Lines(ChangedAgent agent) => agent.Slots.Select(slot =>
        $"{agent.WorkspaceName}  {agent.Name}  {agent.Id}  {slot.Kind.Word()}  {Fields.WordOf(slot.Reason)}  now {Answer(slot.Before)}  then {Answer(slot.After)}");

    private static string End(ToldAnswer answer) => answer.Last4 is null ? "" : $" ...{answer.Last4}";
}
