using System.CommandLine;
using KeyVaultApp.Cli;
using KeyVaultApp.Domain;
using KeyVaultApp.Web;

namespace KeyVaultApp.LegacyKeys;

internal sealed class MakeKeyVerb : IVerb
{
    public void AddTo(RootCommand root, VerbHost host)
    {
        var id = new Argument<Guid>("id") { Description = "The agent's id." };
        var kind = new Argument<string>("kind") { Description = "tts, stt or elevenlabs." };
        kind.AcceptOnlyFromAmong([.. KeyKinds.All.Select(one => one.Word())]);
        var name = new Option<string?>("--name") { Description = "What the key is called." };
        var provider = new Option<string?>("--provider") { Description = "Who issued it." };
        var region = new Option<string?>("--region") { Description = "Where the provider keeps it, if that matters." };
        var use = new Option<Guid?>("--use") { Description = "In place of a new key: one that has this value already, by its id." };
        var link = new Option<string>("--link") { Description = "Which agents with the same raw key are linked.", DefaultValueFactory = _ => Fields.WordOf(LinkScope.ThisAgent) };
        link.AcceptOnlyFromAmong([.. Enum.GetValues<LinkScope>().Select(Fields.WordOf)]);
        var confirm = new Option<bool>("--confirm") { Description = "Make the key though its value looks wrong." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Tell how the raw key looks and how many agents hold it, and change nothing." };
        var make = new Command("make-key", "Make a key of an agent's raw key without showing it, and link the agents that hold it.") { id, kind, name, provider, region, use, link, confirm, dryRun, VerbHost.Json };
        root.Family("agents", "The agents and their slots.").Subcommands.Add(make);

        host.Handle(make, Needs.Installation, async verb =>
        {
            var (agent, slot) = (verb.Parsed.GetValue(id), KeyKinds.Parse(verb.Parsed.GetValue(kind))!.Value);
            if (verb.Parsed.GetValue(dryRun))
            {
                verb.Print(await verb.Get<OfferKey>().RunAsync(agent, slot, VerbHost.Operator, verb.Cancelled), Lines);
                return;
            }

            var form = new MakeKey.Form(
                verb.Parsed.GetValue(name), verb.Parsed.GetValue(provider), verb.Parsed.GetValue(region), verb.Parsed.GetValue(use),
                Fields.Word<LinkScope>(verb.Parsed.GetValue(link), "link"), verb.Parsed.GetValue(confirm));
            verb.Print(await UsageException.OfAsync(verb.Get<MakeKey>().RunAsync(agent, slot, form, VerbHost.Operator, verb.Cancelled)), made =>
                [$"{(made.Created ? "made" : "used")}  {made.KeyName}  {made.KeyId}; {Count.Of(made.Linked, "agent")} linked, {Count.Of(made.Assigned, "workspace")} assigned."]);
        });
    }

    private static IEnumerable<string> Lines(OfferKey.Answer offer) =>
    [
        $"{offer.WorkspaceName}  {offer.AgentName}  {offer.Kind.Word()}  ...{offer.Last4}",
        $"held by {Count.Of(offer.InWorkspace, "agent")} of this workspace, {offer.InAllWorkspaces:N0} in {Count.Of(offer.Workspaces, "workspace")}",
        .. offer.Findings.Select(finding => $"looks wrong: {FindingWords.Of(finding)}"),
        .. offer.Matches.Select(match => $"has this value already: {match.Name}  {match.Id}  {Fields.WordOf(match.Status)}{(match.Assigned ? "" : ", not assigned here")}"),
    ];
}
