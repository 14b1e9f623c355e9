using System.CommandLine;
using KeyVaultApp.Cli;

namespace KeyVaultApp.LegacyKeys;

internal sealed class ImportVerb : IVerb
{
    public void AddTo(RootCommand root, VerbHost host)
    {
        var file = new Option<string>("--file") { Description = $"A CSV file in UTF-8 with the columns {string.Join(',', AgentRow.Columns)}.", Required = true };
        var import = new Command("import", "Bring in agents with their raw keys. All rows or none; it may be repeated.") { file, VerbHost.Json };
        root.Family("agents", "The agents and their slots.").Subcommands.Add(import);

        host.Handle(import, Needs.Installation, async verb =>
        {
            var progress = new ProgressLines(Console.Error, verb.Get<TimeProvider>());
            var path = Path.GetFullPath(verb.Parsed.GetRequiredValue(file));
            verb.Print(await verb.Get<ImportAgents>().RunAsync(path, VerbHost.Operator, progress, verb.Cancelled), done =>
            [
                $"{done.Rows} rows: {done.AgentsCreated} agents created, {done.AgentsUpdated} updated, {done.Unchanged} unchanged; {done.WorkspacesCreated} workspaces created.",
            ]);
        });
    }
}
