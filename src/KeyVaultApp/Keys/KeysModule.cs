using System.Security.Claims;
using KeyVaultApp.Domain;
using KeyVaultApp.Web;

namespace KeyVaultApp.Keys;

public static class KeysModule
{
    public static IServiceCollection AddKeys(this IServiceCollection services) => services
        .AddScoped<NewVersions>()
        .AddScoped<ServedAgents>()
        .AddScoped<KeyUse>()
        .AddScoped<KeyTests>()
        .AddScoped<ListTests>()
        .AddScoped<ListKeys>()
        .AddScoped<GetKey>()
        .AddScoped<CreateKey>()
        .AddScoped<ChangeKey>()
        .AddScoped<ReplaceKey>()
        .AddScoped<ListVersions>()
        .AddScoped<DisableKey>()
        .AddScoped<EnableKey>()
        .AddScoped<DeleteKey>()
        .AddScoped<AssignKey>()
        .AddScoped<AssignKeysToWorkspace>()
        .AddScoped<WorkspaceKeys>()
        .AddScoped<ReassignAgents>()
        .AddScoped<AssignKeys>()
        .AddScoped<DisableKeys>()
        .AddScoped<FittingKeys>()
        .AddScoped<SameValue>()
        .AddScoped<WorkspacesOfKey>()
        .AddScoped<KeysOfWorkspace>()
        .AddScoped<ReviewAssignments>();

    public static void MapKeys(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/api/v1/keys").WithTags("Keys");

        keys.MapGet("", ([AsParameters] ListQuery list, [AsParameters] ListKeys.Filter filter, ListKeys slice, CancellationToken ct) =>
            slice.RunAsync(list, filter, ct)).RequireAuthorization(Access.Oversee);

        keys.MapPost("", async (CreateKey.Form form, CreateKey slice, GetKey get, ClaimsPrincipal who, CancellationToken ct) =>
        {
            var saved = await slice.RunAsync(form, Actor.Of(who), ct);
            return TypedResults.Created($"/api/v1/keys/{saved.Id}", new SavedKey(await get.RunAsync(saved.Id, ct), saved.Trial));
        }).RequireAuthorization(Access.Administer);

        keys.MapPost("assign", async (AssignKeys.Form form, AssignKeys slice, ClaimsPrincipal who, CancellationToken ct) =>
            new Changed(await slice.RunAsync(form, Actor.Of(who), ct))).RequireAuthorization(Access.Administer);

        keys.MapPost("disable", async (DisableKeys.Form form, DisableKeys slice, ClaimsPrincipal who, CancellationToken ct) =>
            new Changed(await slice.RunAsync(form, Actor.Of(who), ct))).RequireAuthorization(Access.Administer);

        keys.MapGet("{id:guid}", (Guid id, GetKey slice, CancellationToken ct) => slice.RunAsync(id, ct)).RequireAuthorization(Access.Oversee);

        keys.MapPatch("{id:guid}", async (Guid id, ChangeKey.Form form, ChangeKey slice, GetKey get, ClaimsPrincipal who, CancellationToken ct) =>
        {
            await slice.RunAsync(id, form, Actor.Of(who), ct);
            return await get.RunAsync(id, ct);
        }).RequireAuthorization(Access.Administer);

        keys.MapDelete("{id:guid}", async (Guid id, DeleteKey slice, ClaimsPrincipal who, CancellationToken ct) =>
        {
            await slice.RunAsync(id, Actor.Of(who), ct);
            return TypedResults.NoContent();
        }).RequireAuthorization(Access.Administer);

        keys.MapGet("{id:guid}/versions", (Guid id, [AsParameters] ListQuery list, ListVersions slice, CancellationToken ct) =>
            slice.RunAsync(id, list, ct)).RequireAuthorization(Access.Oversee);

        keys.MapPost("{id:guid}/versions", async (Guid id, ReplaceKey.Form form, ReplaceKey slice, GetKey get, ClaimsPrincipal who, CancellationToken ct) =>
        {
            var trial = await slice.RunAsync(id, form, Actor.Of(who), ct);
            return TypedResults.Created($"/api/v1/keys/{id}", new SavedKey(await get.RunAsync(id, ct), trial));
        }).RequireAuthorization(Access.Administer);

        keys.MapPut("{id:guid}/workspaces", async (Guid id, AssignKey.Form form, AssignKey slice, GetKey get, ClaimsPrincipal who, CancellationToken ct) =>
        {
            await slice.RunAsync(id, form, Actor.Of(who), ct);
            return await get.RunAsync(id, ct);
        }).RequireAuthorization(Access.Administer);

        keys.MapPost("{id:guid}/disable", async (Guid id, DisableKey.Form? form, DisableKey slice, GetKey get, ClaimsPrincipal who, CancellationToken ct) =>
        {
            await slice.RunAsync(id, form, Actor.Of(who), ct);
            return await get.RunAsync(id, ct);
        }).RequireAuthorization(Access.Administer);

        keys.MapPost("{id:guid}/enable", async (Guid id, EnableKey slice, GetKey get, ClaimsPrincipal who, CancellationToken ct) =>
        {
            await slice.RunAsync(id, Actor.Of(who), ct);
            return await get.RunAsync(id, ct);
        }).RequireAuthorization(Access.Administer);

        keys.MapGet("{id:guid}/agents", async (Guid id, [AsParameters] ListQuery list, KeyUse use, GetKey get, CancellationToken ct) =>
        {
            await get.RunAsync(id, ct);
            return await use.PageAsync(id, list, ct);
        }).RequireAuthorization(Access.Oversee);

        keys.MapPost("{id:guid}/reassign", (Guid id, ReassignAgents.Form form, ReassignAgents slice, ClaimsPrincipal who, CancellationToken ct) =>
            slice.RunAsync(id, form, Actor.Of(who), ct)).RequireAuthorization(Access.Administer);

        routes.MapPut("/api/v1/workspaces/{id:guid}/keys", async (
            Guid id, AssignKeysToWorkspace.Form form, AssignKeysToWorkspace slice, WorkspaceKeys keysOf, ClaimsPrincipal who, CancellationToken ct) =>
        {
            var actor = Actor.Of(who);
            await slice.RunAsync(id, form, actor, ct);
            return await keysOf.RunAsync(id, null, actor, ct);
        }).WithTags("Keys").RequireAuthorization(Access.Administer);

        routes.MapGet("/workspaces/{id:guid}/api-keys", (Guid id, string? kind, WorkspaceKeys slice, ClaimsPrincipal who, CancellationToken ct) =>
            slice.RunAsync(id, kind, Actor.Of(who), ct)).WithTags("Keys").RequireAuthorization(Access.ReadAgents);
    }
}
