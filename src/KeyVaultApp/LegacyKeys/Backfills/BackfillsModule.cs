using System.Security.Claims;
using KeyVaultApp.Domain;
using KeyVaultApp.Web;

namespace KeyVaultApp.LegacyKeys.Backfills;

internal static class BackfillsModule
{
    public static IServiceCollection AddBackfills(this IServiceCollection services) => services
        .AddScoped<WriteOldColumns>()
        .AddScoped<RunBackfill>()
        .AddScoped<UndoBackfill>()
        .AddScoped<ListBackfills>();

    public static void MapBackfills(this IEndpointRouteBuilder routes)
    {
        var rollout = routes.MapGroup("/api/v1/rollout").WithTags("Rollout");

        rollout.MapGet("backfills", ([AsParameters] ListQuery list, ListBackfills slice, CancellationToken ct) =>
            slice.RunAsync(list, ct)).RequireAuthorization(Access.Oversee);

        rollout.MapPost("backfill", (RunBackfill.Form form, RunBackfill slice, ClaimsPrincipal who, CancellationToken ct) =>
            slice.RunAsync(form, Actor.Of(who), ct)).RequireAuthorization(Access.Administer);

        rollout.MapPost("backfill/{id:guid}/undo", (Guid id, UndoBackfill.Form? form, UndoBackfill slice, ClaimsPrincipal who, CancellationToken ct) =>
            slice.RunAsync(id, form, Actor.Of(who), ct)).RequireAuthorization(Access.Administer);
    }
}
