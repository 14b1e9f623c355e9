using System.Security.Claims;
using KeyVaultApp.Domain;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Mvc;

namespace KeyVaultApp.Rollout;

public static class RolloutModule
{
    public static IServiceCollection AddRollout(this IServiceCollection services) => services
        .AddScoped<Phases>()
        .AddScoped<PhaseSwitches>()
        .AddScoped<GetRollout>()
        .AddScoped<ListPhases>()
        .AddScoped<CountPhases>()
        .AddScoped<SwitchForms>()
        .AddScoped<ChangedAnswers>()
        .AddScoped<Coverage>()
        .AddScoped<Preflight>()
        .AddScoped<SetPhase>();

    public static void MapRollout(this IEndpointRouteBuilder routes)
    {
        var rollout = routes.MapGroup("/api/v1/rollout").WithTags("Rollout");

        rollout.MapGet("", (GetRollout slice, CancellationToken ct) => slice.RunAsync(ct)).RequireAuthorization(Access.Oversee);

        rollout.MapPut("", async (SetPhase.Form form, SetPhase slice, GetRollout get, ClaimsPrincipal who, CancellationToken ct) =>
        {
            await slice.RunAsync(form, Actor.Of(who), ct);
            return await get.RunAsync(ct);
        }).RequireAuthorization(Access.Administer);

        rollout.MapPost("preflight", (Preflight.Form form, [AsParameters] ListQuery list, Preflight slice, CancellationToken ct) =>
            slice.RunAsync(form, list, ct)).RequireAuthorization(Access.Oversee);

        rollout.MapGet("preflight.csv", (
            string? phase, [FromQuery(Name = "workspace_id")] string? workspace, HttpResponse response, Preflight slice, CancellationToken ct) =>
            Csv.SendAsync(response, "preflight.csv", slice.ExportAsync(Preflight.Form.Of(phase, workspace), ct), ct)).RequireAuthorization(Access.Oversee);
    }
}
