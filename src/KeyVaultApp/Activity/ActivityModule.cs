using KeyVaultApp.Domain;
using KeyVaultApp.Web;

namespace KeyVaultApp.Activity;

public static class ActivityModule
{
    public static IServiceCollection AddActivity(this IServiceCollection services) => services
        .AddScoped<ActivityLog>()
        .AddScoped<ListActivity>()
        .AddScoped<ExportActivity>()
        .AddScoped<StandingTargets>();

    public static void MapActivity(this IEndpointRouteBuilder routes) => routes
        .MapGet("/api/v1/activity", (
            [AsParameters] ListQuery list, [AsParameters] ListActivity.Filter filter, ListActivity slice, CancellationToken ct) => slice.RunAsync(list, filter, ct))
        .RequireAuthorization(Access.Oversee);
}
