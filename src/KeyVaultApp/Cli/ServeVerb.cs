using System.CommandLine;
using KeyVaultApp.Accounts;

namespace KeyVaultApp.Cli;

/// <param name="map">Adds what the app answers to.</param>
internal sealed class ServeVerb(Action<WebApplication> map) : IVerb
{
    public void AddTo(RootCommand root, VerbHost host)
    {
        var urls = new Option<string>("--urls") { Description = "Addresses to listen on, separated by semicolons." };
        var serve = new Command("serve", "Serve the panel and the API (the default).") { urls };
        root.Options.Add(urls);
        root.Subcommands.Add(serve);
        host.Handle(serve, Needs.Installation, verb => ServeAsync(verb, urls));
        host.Handle(root, Needs.Installation, verb => ServeAsync(verb, urls));
    }

    private async Task ServeAsync(VerbContext verb, Option<string> urls)
    {
        map(verb.App);
        ListenAddresses.Apply(verb.App, verb.Parsed.GetValue(urls));
        await ListenAddresses.StartAsync(verb.App, verb.Cancelled);
        Console.WriteLine($"KeyVaultApp listens on {string.Join(" and ", verb.App.Urls)}");
        // Nobody can sign in yet. Standard output only: a log would keep it. Whoever stops it right now waits for this answer.
        if (await verb.Get<FirstStart>().NewLinkAsync(CancellationToken.None) is { } link)
            Console.WriteLine($"Set up the first administrator within an hour at {Reachable(verb.App.Urls.First())}{link}");
        await verb.App.WaitForShutdownAsync(verb.Cancelled);
    }

    /// <summary>An address that a browser on this machine opens, also where every address is listened on.</summary>
    private static string Reachable(string url) =>
        url.Replace("://[::]", "://localhost").Replace("://0.0.0.0", "://localhost").Replace("://*", "://localhost").Replace("://+", "://localhost").TrimEnd('/');
}
