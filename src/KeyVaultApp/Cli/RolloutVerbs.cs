using System.CommandLine;
using KeyVaultApp.Domain;
using KeyVaultApp.Rollout;
using KeyVaultApp.Web;

namespace KeyVaultApp.Cli;

internal sealed class RolloutVerbs : IVerb
{
    private const string Inherit = "inherit";

    private readonly Argument<string> _phase = new("phase") { Description = "direct_keys, references_with_fallback or references_only; with --workspace also inherit." };
    private readonly Option<string?> _workspace = new("--workspace") { Description = "This workspace alone: an id or a name." };

    public void AddTo(RootCommand root, VerbHost host)
    {
        var show = new Command("show", "Tell the phase of the installation, and of workspaces that have one of their own.") { VerbHost.Json };
        _phase.AcceptOnlyFromAmong([.. Enum.GetValues<RolloutPhase>().Select(Fields.WordOf), Inherit]);
        var force = new Option<bool>("--force") { Description = "Switch even if agents would get another answer." };
        var set = new Command("set", "Switch the phase. Refused (3) when an agent would get another answer than now.") { _phase, _workspace, force, VerbHost.Json };
        var output = new Option<string?>("--output") { Description = "Write all changed slots to this CSV file as well." };
        var preflight = new Command("preflight", "Tell what a switch would change, and switch nothing. Exit code 0 when no agent would get another answer, 3 when the switch would be refused.")
        {
            _phase, _workspace, output, VerbHost.Json,
        };
        var family = root.Family("rollout", "How far the switch to references has gone.");
        foreach (var verb in new[] { preflight, set, show }) family.Subcommands.Add(verb);

        host.Handle(show, Needs.Installation, async verb => verb.Print(await verb.Get<GetRollout>().RunAsync(verb.Cancelled), Lines));
        host.Handle(set, Needs.Installation, async verb =>
        {
            var (to, where) = await SaidAsync(verb);
            await verb.Get<SetPhase>().RunAsync(new SetPhase.Form(to, where, verb.Parsed.GetValue(force)), VerbHost.Operator, verb.Cancelled);
            verb.Print(await verb.Get<GetRollout>().RunAsync(verb.Cancelled), Lines);
        });
        host.Handle(preflight, Needs.Installation, async verb =>
        {
            var (to, where) = await SaidAsync(verb);
            var form = new Preflight.Form(to, where);
            if (verb.Parsed.GetValue(output) is { } file) await WriteAsync(verb, form, file);
            var found = await verb.Get<Preflight>().RunAsync(form, new ListQuery(), verb.Cancelled);
            verb.Print(found, Lines);
            if (found.Total > 0) throw SetPhase.WouldChange(found.Total, [], []);
        });
    }

    private async Task<(RolloutPhase? Phase, Guid? Workspace)> SaidAsync(VerbContext verb)
    {
        var (word, idOrName) = (verb.Parsed.GetValue(_phase)!, verb.Parsed.GetValue(_workspace));
        if (word == Inherit && idOrName is null) throw new UsageException("inherit needs --workspace: the installation has nothing to inherit from.");
        return (word == Inherit ? null : Fields.Word<RolloutPhase>(word, "phase"), await verb.WorkspaceAsync(idOrName));
    }

    private static async Task WriteAsync(VerbContext verb, Preflight.Form form, string path)
    {
        await using var file = new StreamWriter(path);
        await foreach (var piece in verb.Get<Preflight>().ExportAsync(form, verb.Cancelled)) await file.WriteAsync(piece);
    }

    private static IEnumerable<string> Lines(GetRollout.Answer rollout) =>
    [
        $"installation  {Fields.WordOf(rollout.Phase)}",
        .. rollout.Workspaces.Select(workspace => $"{workspace.WorkspaceName}  {Fields.WordOf(workspace.Phase)}"),
    ];

    private static IEnumerable<string> Lines(Preflight.Answer found) =>
    [
        $"from {Fields.WordOf(found.PhaseNow)} to {Fields.WordOf(found.Phase)}: {Count.Of(found.Total, "agent")} would get another answer",
        .. found.Slots.Select(count => $"{Count.Of(count.Slots, $"{count.Kind.Word()} slot")}  {Fields.WordOf(count.Reason)}"),
        .. found.Agents.SelectMany(ChangeWords.Lines),
        .. found.Total > found.Agents.Count ? [$"These are the first {found.Agents.Count}; --output FILE writes all."] : Array.Empty<string>(),
        .. found.Coverage.Select(row => $"covered  {row.Workspace}  {row.Kind.Word()}  {row.Assigned} of {row.Distinct} distinct legacy keys"),
        .. found.Warnings,
    ];
}
