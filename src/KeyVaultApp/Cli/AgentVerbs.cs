using System.CommandLine;
using KeyVaultApp.Domain;
using KeyVaultApp.KeyTesting;
using KeyVaultApp.Web;

namespace KeyVaultApp.Cli;

internal sealed class AgentVerbs : IVerb
{
    public void AddTo(RootCommand root, VerbHost host)
    {
        var id = new Argument<Guid>("id") { Description = "The agent's id." };
        var check = new Command("check", "Resolve each slot as the runtime would, and test the key at its provider. Exit code 1 when a slot is broken or refused.") { id, VerbHost.Json };
        root.Family("agents", "The agents and their slots.").Subcommands.Add(check);

        host.Handle(check, Needs.Installation, async verb =>
        {
            var answer = await verb.Get<CheckAgent>().RunAsync(verb.Parsed.GetValue(id), VerbHost.Operator, verb.Cancelled);
            verb.Print(answer, Lines);
            var bad = answer.Slots.Count(slot => slot.Value is { Outcome: TestOutcome.Rejected } or { Reason: not null });
            if (bad > 0) throw new VerbFailedException($"{bad} of its slots would not work.");
        });
    }

    private static IEnumerable<string> Lines(CheckAgent.Answer agent) => agent.Slots.Select(slot => string.Join("  ", Words(slot.Key, slot.Value)));

    private static IEnumerable<string> Words(string kind, CheckAgent.Slot slot)
    {
        yield return kind;
        if (slot.Source is { } source) yield return Fields.WordOf(source);
        if (slot.KeyName is { Length: > 0 } name) yield return name;
        yield return slot.Outcome is { } outcome ? Fields.WordOf(outcome) : slot.Code!;
        if (slot.Reason is { } reason) yield return Fields.WordOf(reason);
        if (slot.Asked is { } asked) yield return $"{asked} ({slot.LatencyMs} ms)";
        yield return slot.Detail;
    }
}
