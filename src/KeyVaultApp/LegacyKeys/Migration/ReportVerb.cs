using System.CommandLine;
using System.Text;
using KeyVaultApp.Cli;
using KeyVaultApp.Domain;
using KeyVaultApp.Web;

namespace KeyVaultApp.LegacyKeys.Migration;

internal sealed class ReportVerb : IVerb
{
    public void AddTo(RootCommand root, VerbHost host)
    {
        var id = new Argument<Guid>("id") { Description = "The run's id." };
        var outcome = new Option<string?>("--outcome") { Description = "Only slots that came to this." };
        outcome.AcceptOnlyFromAmong([.. Enum.GetValues<SlotOutcome>().Select(Fields.WordOf)]);
        var output = new Option<string?>("--output") { Description = "The CSV file to write, there as a whole or not at all; without it standard output." };
        var report = new Command("report", "Tell what became of each slot of a run, agent by agent, as CSV.") { id, outcome, output };
        root.Family("migrate", "Move agents from raw keys to references, in bulk.").Subcommands.Add(report);

        host.Handle(report, Needs.Installation, async verb =>
        {
            var pieces = verb.Get<ExportRun>().RunAsync(verb.Parsed.GetValue(id), new ListRunItems.Filter(verb.Parsed.GetValue(outcome)), verb.Cancelled);
            if (verb.Parsed.GetValue(output) is not { } path)
            {
                await foreach (var piece in pieces) await Console.Out.WriteAsync(piece);
                return;
            }

            path = Path.GetFullPath(path);
            await NewFile.WriteAsync(path, async file =>
            {
                await using var writer = new StreamWriter(file, new UTF8Encoding(false), leaveOpen: true);
                await foreach (var piece in pieces) await writer.WriteAsync(piece);
            });
            Console.WriteLine($"Written to {path}");
        });
    }
}
