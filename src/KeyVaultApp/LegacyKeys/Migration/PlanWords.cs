using KeyVaultApp.Domain;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>What stands in a plan, for people.</summary>
public static class PlanWords
{
    public static readonly IReadOnlyList<PlanBucket> Buckets = Enum.GetValues<PlanBucket>();

    public static string Title(PlanBucket bucket) => bucket switch
    {
        PlanBucket.Link => "Link",
        PlanBucket.AssignAndLink => "Assign and link",
        PlanBucket.Create => "Create",
        PlanBucket.NeedsDecision => "Needs a decision",
        _ => "Nothing to do",
    };

    public static string Meaning(PlanBucket bucket) => bucket switch
    {
        PlanBucket.Link => "There is a key with this value, and it is assigned to the workspace. The agents get a reference to it.",
        PlanBucket.AssignAndLink => "There is a key with this value. It is assigned to the workspace too, and the agents get a reference to it.",
        PlanBucket.Create => "A key is made from the stored value, one for all workspaces that hold it, and the agents get a reference to it. Nobody sees the value.",
        PlanBucket.NeedsDecision => "What is meant cannot be told from the value alone. Until somebody decides, a run leaves these agents as they are.",
        _ => "These agents have a reference already, or their workspace reads references alone. Their old value stays where it is.",
    };

    public static string Reason(PlanProblem problem) => problem switch
    {
        PlanProblem.Hygiene => "The value looks wrong",
        PlanProblem.UnknownId => "A UUID that is no key and never was one",
        PlanProblem.Disabled => "The key with this value is disabled",
        PlanProblem.Expired => "The key with this value has expired",
        PlanProblem.SeveralKeys => "Several keys have this value",
        PlanProblem.WrongKind => "The id of a key of another kind",
        PlanProblem.Deleted => "The id of a key that was deleted",
        PlanProblem.ReferencesOnly => "The workspace reads references alone, so nobody gets this key there now",
        _ => "The id of a key that is not assigned to the workspace",
    };

    public static string Finding(HygieneFindings finding) => finding switch
    {
        HygieneFindings.SurroundingBlanks => "blanks or line breaks around it",
        HygieneFindings.SchemePrefix => "begins with Bearer or Token",
        HygieneFindings.Quotes => "quotes around it",
        HygieneFindings.Placeholder => "a word that stands for a key",
        HygieneFindings.OtherKind => "looks like a key of another kind",
        HygieneFindings.UnknownId => "a UUID that is no key",
        HygieneFindings.TooShort => "shorter than 12 characters",
        HygieneFindings.TooLong => "longer than 512 characters",
        HygieneFindings.ControlCharacters => "control characters in it",
        _ => "the id of a key",
    };

    /// <summary>What a run does with an item, in a few words.</summary>
    public static string Action(ListItems.Row item) => item.Action switch
    {
        PlanAction.Link => $"Link to {item.KeyName ?? "a key that was deleted since"}",
        PlanAction.Create => $"Create {item.KeyName}",
        PlanAction.Leave => "Leave as it is",
        _ when item.Bucket == PlanBucket.NothingToDo => "Nothing",
        _ => "Nothing until decided",
    };
}
