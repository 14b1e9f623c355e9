using System.CommandLine;
using KeyVaultApp.Cli;
using KeyVaultApp.Domain;
using KeyVaultApp.Web;

namespace KeyVaultApp.LegacyKeys;

internal sealed class ShadowCheckVerb : IVerb
{
    public void AddTo(RootCommand root, VerbHost host)
    {
        var workspace = new Option<string?>("--workspace") { Description = "This workspace alone: an id or a name." };
        var output = new Option<string?>("--output") { Description = "Write all differing slots to this CSV file as well." };
        var check = new Command("shadow-check", "Compare the old column and the reference of every slot that has both, and list those that are not the same key.") { workspace, output, VerbHost.Json };
        root.Family("migrate", "The migration from raw keys to references.").Subcommands.Add(check);

        host.Handle(check, Needs.Installation, async verb =>
        {
            var where = await verb.WorkspaceAsync(verb.Parsed.GetValue(workspace));
            if (verb.Parsed.GetValue(output) is { } path)
            {
                await using var file = new StreamWriter(path);
                await foreach (var piece in verb.Get<ShadowCheck>().ExportAsync(where, verb.Cancelled)) await file.WriteAsync(piece);
            }

            verb.Print(await verb.Get<ShadowCheck>().RunAsync(where, new ListQuery(), verb.Cancelled), Lines);
        });
    }

    private static IEnumerable<string> Lines(ShadowCheck.Answer found) =>
    [
        $"{Count.Of(found.Same, "slot")} the same key, {found.Different:N0} not: {found.ReplacedSince:N0} replaced since, {found.OtherKeyPicked:N0} other key picked",
        .. found.Items.Select(slot => $"{slot.WorkspaceName}  {slot.AgentName}  {slot.AgentId}  {slot.Kind.Word()}  {Fields.WordOf(slot.Why)}  {slot.KeyName}"),
        .. found.Total > found.Items.Count ? [$"These are the first {found.Items.Count}; --output FILE writes all."] : Array.Empty<string>(),
    ];
}
