using KeyVaultApp.Domain;
using KeyVaultApp.Web;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>What stands in a run, for people.</summary>
public static class RunWords
{
    public static string What(GetRun.Answer run) => run.RollsBack is null ? "Run" : "Roll-back";

    public static string State(GetRun.Answer run) => run.State switch
    {
        RunState.Pending => "waits for an instance to take it up",
        RunState.Running when run.Request == RunRequest.Pause => "running, about to pause",
        RunState.Running when run.Request == RunRequest.Stop => "running, about to stop",
        RunState.Running when run.Step == RunStep.Check => "making sure of the result",
        _ => Fields.WordOf(run.State),
    };

    public static (string Icon, string Css) Mark(RunState state) => state switch
    {
        RunState.Completed => ("check-circle-fill", "state-good"),
        RunState.Failed => ("exclamation-octagon-fill", "state-bad"),
        RunState.Stopped or RunState.Paused => ("dash-circle", "state-warn"),
        _ => ("arrow-repeat", "state-quiet"),
    };

    public static string Title(SlotOutcome outcome) => outcome switch
    {
        SlotOutcome.Linked => "Linked",
        SlotOutcome.LegacyChanged => "Changed since the plan",
        SlotOutcome.AlreadyReferenced => "Given a reference since",
        SlotOutcome.AgentGone => "Agent deleted since",
        SlotOutcome.KeyUnavailable => "Key cannot be used",
        SlotOutcome.ReferencesOnly => "Reads references alone",
        SlotOutcome.Restored => "Restored",
        SlotOutcome.EditedSince => "Edited since the run",
        _ => "Answer would change",
    };

    /// <summary>Why a slot was left as it was; null where it was written.</summary>
    public static string? Reason(SlotOutcome outcome) => outcome switch
    {
        SlotOutcome.LegacyChanged => "The old column holds another value than when the plan was made.",
        SlotOutcome.AlreadyReferenced => "Somebody gave the slot a reference since.",
        SlotOutcome.AgentGone => "The agent was deleted since.",
        SlotOutcome.KeyUnavailable => "The key could not be used in that workspace.",
        SlotOutcome.ReferencesOnly => "The workspace reads references alone by now: the agent would get a key where it gets none.",
        SlotOutcome.EditedSince => "The slot no longer holds what the run wrote.",
        SlotOutcome.AnswerWouldChange => "The agent would get another key than now, or none.",
        _ => null,
    };

    public static string Took(double seconds) => seconds switch
    {
        < 90 => $"{Math.Ceiling(seconds):0} s",
        < 5400 => $"{seconds / 60:0} min",
        _ => $"{seconds / 3600:0.0} h",
    };

    /// <summary>One line for a terminal.</summary>
    public static string Line(GetRun.Answer run) => string.Join("  ", new[]
    {
        run.Id.ToString(),
        run.RollsBack is { } other ? $"rolls back {other}" : null,
        Fields.WordOf(run.State),
        $"{run.Done:N0} of {run.Total:N0}",
        run.RollsBack is null ? $"linked {run.Linked:N0}" : $"restored {run.Restored:N0}",
        run.Created > 0 ? $"created {run.Created:N0}" : null,
        run.Assigned > 0 ? $"assigned {run.Assigned:N0}" : null,
        $"skipped {run.Skipped:N0}",
        $"failed {run.Failed:N0}",
        run.Error,
    }.OfType<string>());
}
