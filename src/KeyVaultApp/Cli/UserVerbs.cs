using System.CommandLine;
using KeyVaultApp.Accounts;
using KeyVaultApp.Domain;
using KeyVaultApp.Web;

namespace KeyVaultApp.Cli;

internal sealed class UserVerbs : IVerb
{
    public void AddTo(RootCommand root, VerbHost host)
    {
        var email = new Option<string>("--email") { Description = "The address they sign in with; case does not matter.", Required = true };
        var role = new Option<string>("--role") { Description = "What they may do.", Required = true };
        role.AcceptOnlyFromAmong("admin", "ops", "user");

        var add = new Command("add", "Add a user. The password comes by standard input, as one line of 12 characters or more.") { email, role, VerbHost.Workspaces, VerbHost.Json };
        var list = new Command("list", "List the users.") { VerbHost.Json };
        var disable = new Command("disable", "End somebody's access. The last enabled admin stays.") { email, VerbHost.Json };
        var reset = new Command("reset-password", "Give somebody a new password, by standard input as one line. It lifts a lockout and switches a second factor off.") { email, VerbHost.Json };
        root.Subcommands.Add(new Command("users", "Who may sign in.") { add, list, disable, reset });

        host.Handle(add, Needs.Installation, async verb =>
        {
            var form = new AddUser.Form(
                verb.Parsed.GetValue(email), Fields.Word<Role>(verb.Parsed.GetValue(role), "role"), verb.Parsed.GetValue(VerbHost.Workspaces), PasswordInput.Read());
            var id = await UsageException.OfAsync(verb.Get<AddUser>().RunAsync(form, VerbHost.Operator, verb.Cancelled));
            verb.Print(new { Id = id }, _ => [$"Added user {id}."]);
            if (form is { Role: Role.User, Workspaces: not { Count: > 0 } })
                await Console.Error.WriteLineAsync("They are in no workspace, so they will see no agents.");
        });
        host.Handle(list, Needs.Installation, async verb =>
        {
            var users = await EveryPage.OfAsync(page => verb.Get<ListUsers>().RunAsync(page, verb.Cancelled));
            verb.Print(users, _ => users.Select(Line));
        });
        host.Handle(disable, Needs.Installation, async verb =>
        {
            var form = new DisableUser.Form(verb.Parsed.GetValue(email));
            await verb.Get<DisableUser>().RunAsync(form, VerbHost.Operator, verb.Cancelled);
            verb.Print(new { form.Email }, _ => ["The user is disabled."]);
        });
        host.Handle(reset, Needs.Installation, async verb =>
        {
            var form = new ResetPassword.Form(verb.Parsed.GetValue(email), PasswordInput.Read());
            await UsageException.OfAsync(verb.Get<ResetPassword>().RunAsync(form, VerbHost.Operator, verb.Cancelled));
            verb.Print(new { form.Email }, _ => ["The user has the new password."]);
        });
    }

    private static string Line(ListUsers.Row user) => string.Join("  ", [
        user.Email,
        Fields.WordOf(user.Role),
        user.DisabledAt is { } disabled ? $"disabled since {disabled:yyyy-MM-dd}" : user.LockedUntil is { } until ? $"locked until {until:yyyy-MM-dd HH:mm}" : "enabled",
        .. user.Workspaces.Select(workspace => workspace.Name),
    ]);
}
