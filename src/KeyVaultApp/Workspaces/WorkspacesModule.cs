using System.Security.Claims;
using KeyVaultApp.Domain;
using KeyVaultApp.Web;

namespace KeyVaultApp.Workspaces;

public static class WorkspacesModule
{
    public static IServiceCollection AddWorkspaces(this IServiceCollection services) => services
        .AddScoped<ListWorkspaces>()
        .AddScoped<GetWorkspace>()
        .AddScoped<CreateWorkspace>()
        .AddScoped<RenameWorkspace>()
        .AddScoped<DeleteWorkspace>()
        .AddScoped<WorkspaceFacts>();

    public static void MapWorkspaces(this IEndpointRouteBuilder routes)
    {
        var workspaces = routes.MapGroup("/api/v1/workspaces").WithTags("Workspaces");

        workspaces.MapGet("", ([AsParameters] ListQuery list, ListWorkspaces slice, ClaimsPrincipal who, CancellationToken ct) =>
            slice.RunAsync(list, Actor.Of(who), ct)).RequireAuthorization(Access.ReadWorkspaces);

        workspaces.MapPost("", async (CreateWorkspace.Form form, CreateWorkspace slice, GetWorkspace get, ClaimsPrincipal who, CancellationToken ct) =>
        {
            var actor = Actor.Of(who);
            var id = await slice.RunAsync(form, actor, ct);
            return TypedResults.Created($"/api/v1/workspaces/{id}", await get.RunAsync(id, actor, ct));
        }).RequireAuthorization(Access.Administer);

        workspaces.MapGet("{id:guid}", (Guid id, GetWorkspace slice, ClaimsPrincipal who, CancellationToken ct) =>
            slice.RunAsync(id, Actor.Of(who), ct)).RequireAuthorization(Access.ReadWorkspaces);

        workspaces.MapPut("{id:guid}", async (
            Guid id, RenameWorkspace.Form form, RenameWorkspace slice, GetWorkspace get, ClaimsPrincipal who, CancellationToken ct) =>
        {
            var actor = Actor.Of(who);
            await slice.RunAsync(id, form, actor, ct);
            return await get.RunAsync(id, actor, ct);
        }).RequireAuthorization(Access.Administer);

        workspaces.MapDelete("{id:guid}", async (Guid id, DeleteWorkspace slice, ClaimsPrincipal who, CancellationToken ct) =>
        {
            await slice.RunAsync(id, Actor.Of(who), ct);
            return TypedResults.NoContent();
        }).RequireAuthorization(Access.Administer);
    }
}
