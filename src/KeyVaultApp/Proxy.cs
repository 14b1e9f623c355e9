using KeyVaultApp.Storage;
using Microsoft.AspNetCore.HttpOverrides;

namespace KeyVaultApp;

internal static class Proxy
{
    private const string KnownNetworks = "Proxy:KnownNetworks";

    /// <summary>
    /// Who called and how is believed from the proxies in these networks only (CIDR, such as 10.0.0.0/8; as a list or with
    /// commas). From anybody else the headers are ignored, loopback included: a local caller could name any address.
    /// </summary>
    public static void AddProxy(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection(KnownNetworks);
        var networks = (section.Get<string[]>() ?? section.Value?.Split(',') ?? []).Select(Parse).ToList();
        services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders = networks is [] ? ForwardedHeaders.None : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var network in networks) forwarded.KnownIPNetworks.Add(network);
        });
    }

    private static System.Net.IPNetwork Parse(string text) => System.Net.IPNetwork.TryParse(text.Trim(), out var network)
        ? network
        : throw new ConfigurationException(KnownNetworks, "has an entry that is no network in CIDR notation, such as 10.0.0.0/8.");
}
