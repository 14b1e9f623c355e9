using System.CommandLine;
using KeyVaultApp.Encryption;
using KeyVaultApp.Storage;

namespace KeyVaultApp.Cli;

internal sealed class DbVerbs : IVerb
{
    public void AddTo(RootCommand root, VerbHost host)
    {
        var update = new Command("update", "Bring the schema to this version, and make the keyring where there is none.") { VerbHost.Json };
        var script = new Command("script", "Print the statements that bring the schema to this version.");
        var status = new Command("status", "Tell which migrations the database has and lacks.") { VerbHost.Json };
        root.Subcommands.Add(new Command("db", "The schema of the database.") { update, script, status });

        host.Handle(update, Needs.Settings, async verb =>
        {
            await verb.Get<Schema>().UpdateAsync(verb.Cancelled);
            await verb.Get<Keyring>().CreateIfMissingAsync(verb.Cancelled);
            await verb.Get<Keyring>().OpenAsync(verb.Cancelled);
            verb.Print(await verb.Get<Schema>().StatusAsync(verb.Cancelled), _ => ["The database is up to date."]);
        });
        host.Handle(script, Needs.Settings, verb =>
        {
            Console.Write(verb.Get<Schema>().Script());
            return Task.CompletedTask;
        });
        host.Handle(status, Needs.Settings, async verb => verb.Print(await verb.Get<Schema>().StatusAsync(verb.Cancelled), found =>
        [
            $"{found.Provider}, {(found.Reachable ? "reachable" : "not reachable")}",
            .. found.Applied.Select(migration => $"applied  {migration}"),
            .. found.Pending.Select(migration => $"pending  {migration}"),
        ]));
    }
}
