using System.Collections.Concurrent;

namespace KeyVaultApp.IntegrationTests.Harness;

/// <summary>
/// One empty installation a provider, made by the real verb and copied by all that start from there: to migrate takes longer
/// than most tests do.
/// </summary>
public sealed class Templates : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<Databases, Lazy<Task<App>>> Made = new();

    internal static Task<App> OfAsync(Databases provider) => Made.GetOrAdd(provider, _ => new Lazy<Task<App>>(() => MakeAsync(provider))).Value;

    public async ValueTask DisposeAsync()
    {
        foreach (var provider in Made.Keys)
            if (Made.TryRemove(provider, out var made) && made.Value.IsCompletedSuccessfully)
                await (await made.Value).DisposeAsync();
    }

    private static async Task<App> MakeAsync(Databases provider)
    {
        var app = await App.CreateAsync(provider);
        (await app.CliAsync("db", "update")).Expect(0);
        return app;
    }
}
