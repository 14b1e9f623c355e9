using System.Net.Sockets;
using KeyVaultApp.Storage;
using Microsoft.AspNetCore.Connections;

namespace KeyVaultApp.Cli;

/// <summary>An address cannot be listened on: exit code 3.</summary>
public sealed class ListenException(string message) : Exception(message);

/// <summary>Where the server listens, read before it starts.</summary>
internal static class ListenAddresses
{
    private const string Option = "--urls";
    private const string Setting = "urls";
    private const string Example = "http://127.0.0.1:5000";

    /// <summary>Takes over what was said on the command line; what the environment says instead is only looked at.</summary>
    /// <exception cref="UsageException">One of those said is no address to listen on.</exception>
    /// <exception cref="ConfigurationException">One of those in the environment is none.</exception>
    public static void Apply(WebApplication app, string? said)
    {
        if (said is null)
        {
            foreach (var address in Split(app.Configuration[Setting] ?? ""))
                if (WhatIsWrong(address) is { } problem)
                    throw new ConfigurationException(Setting, $"(ASPNETCORE_URLS in the environment) has '{address}', {problem}");
            return;
        }

        var addresses = Split(said);
        if (addresses is []) throw new UsageException($"{Option} names no address. {Example} is one.");
        foreach (var address in addresses)
        {
            if (WhatIsWrong(address) is { } problem) throw new UsageException($"{Option} has '{address}', {problem}");
            app.Urls.Add(address);
        }
    }

    /// <exception cref="ListenException">The system does not let it have an address.</exception>
    public static async Task StartAsync(WebApplication app, CancellationToken ct)
    {
        // The server empties the list when it begins.
        var addresses = string.Join(" or ", app.Urls.DefaultIfEmpty(app.Configuration[Setting] ?? Example));
        try
        {
            await app.StartAsync(ct);
        }
        catch (IOException taken) when (IsTaken(taken))
        {
            throw new ListenException($"{taken.Message.TrimEnd('.')}. End what listens there, or say another address: serve {Option} {Example}");
        }
        catch (SocketException refused)
        {
            throw new ListenException($"Cannot listen on {addresses}: {refused.Message}. Say another address: serve {Option} {Example}");
        }
    }

    /// <summary>Whether it is for its address that a server does not start.</summary>
    public static bool IsRefused(Exception? exception) => exception is SocketException || IsTaken(exception);

    private static bool IsTaken(Exception? exception) => exception is IOException { InnerException: AddressInUseException };

    private static string[] Split(string addresses) => addresses.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string? WhatIsWrong(string text)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(text);
        }
        catch (FormatException)
        {
            return $"which is no address. {Example} is one.";
        }

        if (address.IsUnixPipe || address.IsNamedPipe) return null;
        if (!address.Scheme.Equals(Uri.UriSchemeHttp, StringComparison.OrdinalIgnoreCase)) return $"and the app speaks plain HTTP only: {Example}. TLS is a proxy's.";
        if (address.PathBase.Length > 0) return "and it cannot listen on a path.";
        // What is no number behind the last colon is taken for a part of the name.
        if (address.Port is < 0 or > ushort.MaxValue || address.Host.Split(']')[^1].Contains(':')) return "and a port is a number from 0 to 65535.";
        return address is { Port: 0, Host: "localhost" } ? "and a free port is found for an IP address only: http://127.0.0.1:0." : null;
    }
}
