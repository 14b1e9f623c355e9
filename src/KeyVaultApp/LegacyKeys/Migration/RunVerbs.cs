using System.CommandLine;
using KeyVaultApp.Cli;
using KeyVaultApp.Domain;
using KeyVaultApp.Web;

namespace KeyVaultApp.LegacyKeys.Migration;

internal sealed class RunVerbs : IVerb
{
    public void AddTo(RootCommand root, VerbHost host)
    {
        var plan = new Option<Guid>("--plan") { Description = "The plan's id.", Required = true };
        var hash = new Option<string>("--hash") { Description = "The plan's hash, as it was looked at.", Required = true };
        var force = new Option<bool>("--force") { Description = "Also agents whose answer changes by it." };
        var unused = new Option<bool>("--remove-unused-keys") { Description = "Delete the keys that the run made and that nobody uses in the end." };
        var preview = new Option<bool>("--preview") { Description = "Only tell what would be done." };
        var maybe = new Argument<Guid?>("id") { Description = "The run's id; without it all runs are listed.", Arity = ArgumentArity.ZeroOrOne };
        Argument<Guid> Id() => new("id") { Description = "The run's id." };
        var (pauseId, resumeId, stopId, backId) = (Id(), Id(), Id(), Id());

        var run = new Command("run", "Carry out a plan exactly as it stands, in this process. Ctrl-C pauses it.") { plan, hash, VerbHost.Json };
        var status = new Command("status", "Tell how far runs are.") { maybe, VerbHost.Json };
        var pause = new Command("pause", "Have a run stop for a while.") { pauseId, VerbHost.Json };
        var resume = new Command("resume", "Go on with a run that was paused, failed or lost its instance, in this process.") { resumeId, VerbHost.Json };
        var stop = new Command("stop", "End a run before its time. What it has linked stays, and can be rolled back.") { stopId, VerbHost.Json };
        var back = new Command("rollback", "Give back to agents what they had before a run, in this process.") { backId, force, unused, preview, VerbHost.Json };
        var family = root.Family("migrate", "Move agents from raw keys to references, in bulk.");
        foreach (var verb in new[] { run, status, pause, resume, stop, back }) family.Subcommands.Add(verb);

        host.Handle(run, Needs.Installation, async verb =>
        {
            var form = new StartRun.Form(verb.Parsed.GetValue(plan), verb.Parsed.GetValue(hash));
            // Broken off, nobody would know whether it has started: so it is not, and Ctrl-C pauses what was started.
            await RunHere.GoAsync(verb, await verb.Get<StartRun>().RunAsync(form, VerbHost.Operator, CancellationToken.None, here: true));
        });
        host.Handle(status, Needs.Installation, async verb =>
        {
            if (verb.Parsed.GetValue(maybe) is { } id)
            {
                verb.Print(await verb.Get<GetRun>().RunAsync(id, verb.Cancelled), Lines);
                return;
            }

            var rows = await EveryPage.OfAsync(page => verb.Get<ListRuns>().RunAsync(page, verb.Cancelled));
            verb.Print(rows, _ => rows.Select(RunWords.Line));
        });
        host.Handle(pause, Needs.Installation, async verb =>
        {
            var id = verb.Parsed.GetValue(pauseId);
            await verb.Get<PauseRun>().RunAsync(id, VerbHost.Operator, verb.Cancelled);
            verb.Print(await verb.Get<GetRun>().RunAsync(id, verb.Cancelled), _ => ["The run pauses."]);
        });
        host.Handle(resume, Needs.Installation, verb => RunHere.ResumeAsync(verb, verb.Parsed.GetValue(resumeId)));
        host.Handle(stop, Needs.Installation, async verb =>
        {
            var id = verb.Parsed.GetValue(stopId);
            await verb.Get<StopRun>().RunAsync(id, VerbHost.Operator, verb.Cancelled);
            verb.Print(await verb.Get<GetRun>().RunAsync(id, verb.Cancelled), _ => ["The run stops."]);
        });
        host.Handle(back, Needs.Installation, async verb =>
        {
            var id = verb.Parsed.GetValue(backId);
            if (verb.Parsed.GetValue(preview))
            {
                verb.Print(await verb.Get<PreviewRollback>().RunAsync(id, new ListQuery(), verb.Cancelled), Lines);
                return;
            }

            var form = new StartRollback.Form(verb.Parsed.GetValue(force), verb.Parsed.GetValue(unused));
            await RunHere.GoAsync(verb, await verb.Get<StartRollback>().RunAsync(id, form, VerbHost.Operator, CancellationToken.None, here: true));
        });
    }

    public static IEnumerable<string> Lines(GetRun.Answer run)
    {
        yield return RunWords.Line(run);
        foreach (var outcome in RunOutcomes.Exceptions(run.RollsBack).Where(outcome => run.Came(outcome) > 0))
            yield return $"{Count.Of(run.Came(outcome), "slot")} {Fields.WordOf(outcome)}: {RunWords.Reason(outcome)}";
        if (run.Skipped + run.Failed > 0) yield return $"To see which:  migrate report {run.Id} --outcome {run.Outcomes.Keys.First(word => word is not ("linked" or "restored"))}";
        if (run.Holder is { } holder) yield return $"{holder} works on it";
        if (run.SecondsLeft is { } left) yield return $"{run.Rate:N0} slots a second, about {RunWords.Took(left)} left";
        if (run.ShadowSame is { } same) yield return $"shadow check in the plan's workspaces: {same:N0} slots have the same key both ways, {run.ShadowDifferent:N0} differ";
        if (run.State == RunState.Paused) yield return $"To go on:  migrate resume {run.Id}";
        if (run.HasEnded && run.Linked > 0) yield return $"To see the way back:  migrate rollback {run.Id} --preview";
    }

    private static IEnumerable<string> Lines(PreviewRollback.Answer preview)
    {
        yield return $"{Count.Of(preview.Restored, "slot")} of {preview.Total:N0} get back what they had";
        yield return $"edited since {preview.EditedSince:N0}, agent gone {preview.AgentGone:N0}, answer would change {preview.AnswerWouldChange:N0} (only with --force)";
        yield return $"{Count.Of(preview.CreatedKeys, "key")} that the run made stay, unless --remove-unused-keys";
        foreach (var row in preview.Skipped.Items) yield return $"{row.AgentId}  {row.WorkspaceName}  {row.AgentName}  {row.Kind.Word()}  {Fields.WordOf(row.Outcome)}";
        if (preview.Skipped.Total > preview.Skipped.Items.Count) yield return $"and {preview.Skipped.Total - preview.Skipped.Items.Count:N0} more";
    }
}
