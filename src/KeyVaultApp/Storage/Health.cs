using Microsoft.AspNetCore.Diagnostics.HealthChecks;

namespace KeyVaultApp.Storage;

public static class Health
{
    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddHealthChecks().AddDbContextCheck<KeyVaultDb>();
        return services;
    }

    /// <summary>Live: the process answers. Ready: the database does as well. Neither tells more to strangers.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        routes.MapHealthChecks("/health/ready").AllowAnonymous();
    }
}
