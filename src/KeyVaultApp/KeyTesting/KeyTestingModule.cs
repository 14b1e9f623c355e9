using System.Security.Claims;
using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.KeyResolution;
using KeyVaultApp.Keys;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;

namespace KeyVaultApp.KeyTesting;

public static class KeyTestingModule
{
    private const string ShippedProviders = "providers.json";

    /// <summary>The providers that come with the product, before all other settings, so that each of those may change them.</summary>
    public static void AddShippedProviders(this IConfigurationManager configuration) => configuration.Sources.Insert(0, new JsonConfigurationSource
    {
        Path = ShippedProviders,
        FileProvider = new PhysicalFileProvider(AppContext.BaseDirectory),
    });

    /// <exception cref="ConfigurationException">A <c>Providers</c> setting cannot be used.</exception>
    public static IServiceCollection AddKeyTesting(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton(Providers.From(configuration))
        .AddSingleton<Outbound>()
        .AddSingleton<AskProvider>()
        .AddSingleton<TestValue>()
        .AddSingleton<ITestKeys>(provider => provider.GetRequiredService<TestValue>())
        .AddScoped<StoredValues>()
        .AddScoped<ListProviders>()
        .AddScoped(provider => new TestKey(provider.GetRequiredService<StoredValues>(), provider.GetRequiredService<TestValue>(), provider.GetRequiredService<KeyTests>()))
        .AddScoped(provider => new TestKeys(provider.GetRequiredService<StoredValues>(), provider.GetRequiredService<TestValue>(), provider.GetRequiredService<KeyTests>()))
        .AddScoped(provider => new CheckAgent(
            provider.GetRequiredService<KeyResolver>(),
            provider.GetRequiredService<Providers>(),
            provider.GetRequiredService<TestValue>(),
            provider.GetRequiredService<KeyTests>(),
            provider.GetRequiredService<KeyVaultDb>(),
            provider.GetRequiredService<ActivityLog>()));

    public static void MapKeyTesting(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").WithTags("Key testing");

        api.MapGet("providers", (string? kind, ListProviders slice) => slice.Run(kind)).RequireAuthorization(Access.Oversee);

        api.MapPost("keys/{id:guid}/test", (Guid id, TestKey slice, ClaimsPrincipal who, CancellationToken ct) =>
            slice.RunAsync(id, Actor.Of(who), ct)).RequireAuthorization(Access.Administer);

        api.MapPost("keys/test", (TestKeys.Form form, TestKeys slice, ClaimsPrincipal who, CancellationToken ct) =>
            slice.RunAsync(form, Actor.Of(who), ct)).RequireAuthorization(Access.Administer);

        api.MapGet("keys/{id:guid}/tests", (Guid id, [AsParameters] ListQuery list, ListTests slice, CancellationToken ct) =>
            slice.RunAsync(id, list, ct)).RequireAuthorization(Access.Oversee);

        api.MapPost("agents/{id:guid}/check", (Guid id, CheckAgent slice, ClaimsPrincipal who, CancellationToken ct) =>
            slice.RunAsync(id, Actor.Of(who), ct)).RequireAuthorization(Access.CheckAgents);
    }
}
