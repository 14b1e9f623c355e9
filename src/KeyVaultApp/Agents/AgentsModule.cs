using System.Security.Claims;
using KeyVaultApp.Domain;
using KeyVaultApp.Web;

namespace KeyVaultApp.Agents;

public static class AgentsModule
{
    public static IServiceCollection AddAgents(this IServiceCollection services) => services
        .AddScoped<SlotChanges>()
        .AddScoped<AgentRows>()
        .AddScoped<SlotStates>()
        .AddScoped<ReadAgentForm>()
        .AddScoped<ListAgents>()
        .AddScoped<GetAgent>()
        .AddScoped<CreateAgent>()
        .AddScoped<ChangeAgent>()
        .AddScoped<DeleteAgent>()
        .AddScoped<PickKey>()
        .AddScoped<KeysForAgents>();

    public static void MapAgents(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").WithTags("Agents");

        api.MapGet("workspaces/{id:guid}/agents", (
            Guid id, [AsParameters] ListQuery list, [AsParameters] ListAgents.Filter filter, ListAgents slice, ClaimsPrincipal who, CancellationToken ct) =>
            slice.RunAsync(id, list, Actor.Of(who), ct, filter)).RequireAuthorization(Access.ReadWorkspaces);

        api.MapPost("workspaces/{id:guid}/agents", async (
            Guid id, CreateAgent.Form form, CreateAgent slice, GetAgent get, ClaimsPrincipal who, CancellationToken ct) =>
        {
            var actor = Actor.Of(who);
            var agent = await slice.RunAsync(id, form, actor, ct);
            return TypedResults.Created($"/api/v1/agents/{agent}", await get.RunAsync(agent, actor, ct));
        }).RequireAuthorization(Access.EditAgents);

        api.MapPost("agents/pick", (PickKey.Form form, PickKey slice, ClaimsPrincipal who, CancellationToken ct) =>
            slice.RunAsync(form, Actor.Of(who), ct)).RequireAuthorization(Access.EditAgents);

        api.MapGet("agents/{id:guid}", (Guid id, GetAgent slice, ClaimsPrincipal who, CancellationToken ct) =>
            slice.RunAsync(id, Actor.Of(who), ct)).RequireAuthorization(Access.ReadAgents);

        api.MapPut("agents/{id:guid}", async (Guid id, ChangeAgent.Form form, ChangeAgent slice, GetAgent get, ClaimsPrincipal who, CancellationToken ct) =>
        {
            var actor = Actor.Of(who);
            await slice.RunAsync(id, form, actor, ct);
            return await get.RunAsync(id, actor, ct);
        }).RequireAuthorization(Access.EditAgents);

        api.MapDelete("agents/{id:guid}", async (Guid id, DeleteAgent slice, ClaimsPrincipal who, CancellationToken ct) =>
        {
            await slice.RunAsync(id, Actor.Of(who), ct);
            return TypedResults.NoContent();
        }).RequireAuthorization(Access.EditAgents);
    }
}
