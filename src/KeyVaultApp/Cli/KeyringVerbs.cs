using System.CommandLine;
using KeyVaultApp.Domain;
using KeyVaultApp.Encryption;
using KeyVaultApp.Web;

namespace KeyVaultApp.Cli;

internal sealed class KeyringVerbs : IVerb
{
    public void AddTo(RootCommand root, VerbHost host)
    {
        var status = new Command("status", "Tell the master key and the data keys, without showing any.") { VerbHost.Json };
        var verify = new Command("verify", "Open every sealed value, and list those that do not open.") { VerbHost.Json };
        root.Subcommands.Add(new Command("keyring", "The keys that seal the values.") { status, verify });

        host.Handle(status, Needs.Installation, async verb => verb.Print(await verb.Get<Keyring>().StatusAsync(verb.Cancelled), ring =>
        [
            $"{ring.Source} holds master key {ring.MasterKeyId}",
            .. ring.DataKeys.Select(key => $"data key {key.Number}  {Fields.WordOf(key.Purpose)}  {Fields.WordOf(key.State)}  since {key.CreatedAt:yyyy-MM-dd}  seals {key.Versions + key.OldKeys} values"),
        ]));
        host.Handle(verify, Needs.Installation, async verb =>
        {
            var found = await verb.Get<Keyring>().VerifyAsync(verb.Cancelled);
            verb.Print(found, _ =>
            [
                $"{found.Readable} values open, {found.Unreadable.Count + found.UnreadableOldKeys.Count} do not.",
                .. found.Unreadable.Select(value => $"unreadable  {value.KeyName}  version {value.Version}  {value.KeyId}"),
                .. found.UnreadableOldKeys.Select(old => $"unreadable  old {old.Kind.Word()} key of agent {old.AgentId}  kept by backfill {old.BackfillId}"),
            ]);
            if (found.Unreadable.Count + found.UnreadableOldKeys.Count > 0) throw new VerbFailedException("Replace the values that do not open, or restore the database and master key that belong together.");
        });
    }
}
