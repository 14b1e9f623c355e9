using System.CommandLine;
using KeyVaultApp.Dashboard;

namespace KeyVaultApp.Cli;

internal sealed class DemoVerb : IVerb
{
    public void AddTo(RootCommand root, VerbHost host)
    {
        var standard = new CreateDemo.Form();
        var workspaces = new Option<int>("--workspaces") { Description = "How many workspaces, 1 to 1000.", DefaultValueFactory = _ => standard.Workspaces };
        var agents = new Option<int>("--agents") { Description = "How many agents, 0 to 20000.", DefaultValueFactory = _ => standard.Agents };
        var demo = new Command("demo", "Fill an empty installation with a plausible fleet and made-up keys. Refused (3) when there is anything already.") { workspaces, agents, VerbHost.Json };
        root.Subcommands.Add(demo);

        host.Handle(demo, Needs.Installation, async verb =>
        {
            var form = new CreateDemo.Form(verb.Parsed.GetValue(workspaces), verb.Parsed.GetValue(agents));
            verb.Print(await UsageException.OfAsync(verb.Get<CreateDemo>().RunAsync(form, VerbHost.Operator, verb.Cancelled)), made =>
                [$"Made {made.Workspaces} workspaces, {made.Agents} agents and {made.Keys} keys. Every key is made up."]);
        });
    }
}
