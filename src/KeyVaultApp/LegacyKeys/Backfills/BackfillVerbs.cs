using System.CommandLine;
using KeyVaultApp.Cli;
using KeyVaultApp.Web;

namespace KeyVaultApp.LegacyKeys.Backfills;

internal sealed class BackfillVerbs : IVerb
{
    public void AddTo(RootCommand root, VerbHost host)
    {
        var workspace = new Option<string?>("--workspace") { Description = "This workspace alone: an id or a name." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Count what would be written, and write nothing." };
        var backfill = new Command("backfill", "Write resolved keys into the old columns of the agents that would get another answer back in direct_keys.") { workspace, dryRun, VerbHost.Json };
        var list = new Command("backfills", "List the backfills there were, newest first.") { VerbHost.Json };
        var id = new Argument<Guid>("id") { Description = "The backfill's id." };
        var force = new Option<bool>("--force") { Description = "Undo even if agents would get another answer." };
        var undo = new Command("undo-backfill", "Bring back what a backfill wrote over, where it still stands. Refused (3) when an agent would get another answer than now.") { id, force, VerbHost.Json };
        var family = root.Family("rollout", "How far the switch to references has gone.");
        foreach (var verb in new[] { backfill, list, undo }) family.Subcommands.Add(verb);

        host.Handle(backfill, Needs.Installation, async verb =>
        {
            var form = new RunBackfill.Form(await verb.WorkspaceAsync(verb.Parsed.GetValue(workspace)), verb.Parsed.GetValue(dryRun));
            verb.Print(await verb.Get<RunBackfill>().RunAsync(form, VerbHost.Operator, verb.Cancelled), done => Lines(done, form.DryRun is true));
        });
        host.Handle(list, Needs.Installation, async verb => verb.Print(
            await EveryPage.OfAsync(page => verb.Get<ListBackfills>().RunAsync(page, verb.Cancelled)), rows => rows.Select(row => string.Join(
                "  ", row.Id, $"{row.At:yyyy-MM-dd HH:mm} UTC", row.By, row.WorkspaceId is null ? "installation" : row.Workspace ?? "deleted workspace",
                Count.Of(row.Slots, "old column"), row.UndoneAt is { } undone ? $"undone {undone:yyyy-MM-dd HH:mm} UTC by {row.UndoneBy}" : "in place"))));
        host.Handle(undo, Needs.Installation, async verb => verb.Print(
            await verb.Get<UndoBackfill>().RunAsync(verb.Parsed.GetValue(id), new UndoBackfill.Form(verb.Parsed.GetValue(force)), VerbHost.Operator, verb.Cancelled), done =>
            [$"{Count.Of(done.Restored, "old column")} restored, {done.Edited} edited since and left alone, {done.Unreadable} cannot be opened."]));
    }

    private static IEnumerable<string> Lines(RunBackfill.Answer done, bool isDryRun) =>
    [
        $"{Count.Of(done.Slots, "old column")} of {Count.Of(done.Agents, "agent")} {(isDryRun ? "would be written" : "written")}",
        .. done.Id is { } id ? [$"backfill {id}"] : Array.Empty<string>(),
        .. done.Left > 0 ? [$"{Count.Of(done.Left, "agent")} would still get another answer in direct_keys"] : Array.Empty<string>(),
        .. done.LeftAgents.Select(agent => $"{agent.WorkspaceName}  {agent.Name}  {agent.Id}  {string.Join(' ', agent.Kinds.Select(Fields.WordOf))}"),
    ];
}
