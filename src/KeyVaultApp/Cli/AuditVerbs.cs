using System.CommandLine;
using KeyVaultApp.Domain;
using KeyVaultApp.KeyAudit;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;

namespace KeyVaultApp.Cli;

internal sealed class AuditVerbs : IVerb
{
    public void AddTo(RootCommand root, VerbHost host)
    {
        var output = new Option<string>("--output") { Description = "The workbook to write, an .xlsx file. It is there as a whole or not at all.", Required = true };
        var workspace = new Option<string?>("--workspace") { Description = "This workspace alone: an id or a name." };
        var export = new Command("export", "Write the key audit: every agent and every distinct key, without any value.") { output, workspace, VerbHost.Json };
        var input = new Option<string>("--input") { Description = "The workbook as it came back.", Required = true };
        var dryRun = new Option<bool>("--dry-run") { Description = "Tell what would happen, and every row that cannot be taken. Nothing is written." };
        var import = new Command("import", "Make and assign the keys that a filled-in workbook names: all of it or nothing. Refused (3) with the place of each row that cannot be taken.")
            { input, dryRun, VerbHost.Json };
        root.Subcommands.Add(new Command("audit", "The key audit, a workbook that goes out, is filled in and comes back.") { export, import });

        host.Handle(export, Needs.Installation, async verb =>
        {
            var path = Path.GetFullPath(verb.Parsed.GetRequiredValue(output));
            var filter = new ExportKeyAudit.Filter((await WorkspaceAsync(verb, verb.Parsed.GetValue(workspace)))?.ToString());
            var progress = new ProgressLines(Console.Error, verb.Get<TimeProvider>());
            ExportKeyAudit.Answer? done = null;
            await NewFile.WriteAsync(path, async file => done = await verb.Get<ExportKeyAudit>().RunAsync(filter, file, VerbHost.Operator, progress, verb.Cancelled));
            verb.Print(new { done!.Agents, done.WorkspaceId, Output = path }, _ => [$"{Count.Of(done.Agents, "agent")} written to {path}"]);
        });
        host.Handle(import, Needs.Installation, async verb =>
        {
            await using var file = File.OpenRead(Path.GetFullPath(verb.Parsed.GetRequiredValue(input)));
            var progress = new ProgressLines(Console.Error, verb.Get<TimeProvider>());
            var answer = await verb.Get<ImportKeyAudit>().RunAsync(file, verb.Parsed.GetValue(dryRun), VerbHost.Operator, progress, verb.Cancelled);
            verb.Print(answer, Lines);
            if (answer.ProblemCount > 0) throw ImportKeyAudit.Refused(answer.Problems);
        });
    }

    private static IEnumerable<string> Lines(ImportKeyAudit.Answer answer) =>
    [
        .. answer.Created.Select(key => $"create  {key.Name}  {key.Kind.Word()}  {string.Join("; ", key.Workspaces)}"),
        .. answer.Assigned.Select(key => $"assign  {key.Name}  {key.Kind.Word()}  {string.Join("; ", key.Workspaces)}"),
        $"{Count.Of(answer.Created.Count, "key")} {(answer.Applied ? "created" : "to create")}, {answer.Assigned.Count:N0} {(answer.Applied ? "assigned" : "to assign")}, "
            + $"{answer.Unchanged:N0} there already, {Count.Of(answer.Left, "row")} left, {answer.ProblemCount:N0} that cannot be taken.",
    ];

    private static async Task<Guid?> WorkspaceAsync(VerbContext verb, string? idOrName)
    {
        if (idOrName is null) return null;
        var lookup = await verb.Get<KeyVaultDb>().FindWorkspacesAsync([idOrName], verb.Cancelled);
        return lookup.Found is [var id] ? id : throw Refusal.NotFound("workspace");
    }
}
