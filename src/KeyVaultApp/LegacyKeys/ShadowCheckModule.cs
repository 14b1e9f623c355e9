using KeyVaultApp.Domain;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Mvc;

namespace KeyVaultApp.LegacyKeys;

internal static class ShadowCheckModule
{
    public static void MapShadowCheck(this IEndpointRouteBuilder routes)
    {
        var migration = routes.MapGroup("/api/v1/migration").WithTags("Migration");

        migration.MapGet("shadow-check", ([FromQuery(Name = "workspace_id")] string? workspace, [AsParameters] ListQuery list, ShadowCheck slice, CancellationToken ct) =>
            slice.RunAsync(Fields.Id(workspace, "workspace_id"), list, ct)).RequireAuthorization(Access.Oversee);

        migration.MapGet("shadow-check.csv", ([FromQuery(Name = "workspace_id")] string? workspace, HttpResponse response, ShadowCheck slice, CancellationToken ct) =>
            Csv.SendAsync(response, "shadow-check.csv", slice.ExportAsync(Fields.Id(workspace, "workspace_id"), ct), ct)).RequireAuthorization(Access.Oversee);
    }
}
