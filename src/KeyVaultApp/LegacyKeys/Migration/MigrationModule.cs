using System.Security.Claims;
using KeyVaultApp.Cli;
using KeyVaultApp.Domain;
using KeyVaultApp.Web;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>The bulk migration: one line a slice.</summary>
internal static class MigrationModule
{
    public static IServiceCollection AddMigration(this IServiceCollection services) => services
        .AddScoped<MakePlan>()
        .AddScoped<GetPlan>()
        .AddScoped<ListPlans>()
        .AddScoped<ListItems>()
        .AddScoped<ListItemAgents>()
        .AddScoped<ExportItems>()
        .AddScoped<DecidePlan>()
        .AddScoped<DecideTicked>()
        .AddScoped<LinkableKeys>()
        .AddScoped<ReadItem>()
        .AddSingleton(new NavigationLink("/migration", "arrow-repeat", "Migration"));

    public static void MapMigration(this IEndpointRouteBuilder routes)
    {
        var plans = routes.MapGroup("/api/v1/migration/plans").WithTags("Migration");

        plans.MapPost("", async (MakePlan.Form form, MakePlan slice, ClaimsPrincipal who, CancellationToken ct) =>
        {
            var made = await slice.RunAsync(form, Actor.Of(who), ct);
            return TypedResults.Created($"/api/v1/migration/plans/{made.Id}", made);
        }).RequireAuthorization(Access.Migrate);

        plans.MapGet("", ([AsParameters] ListQuery list, ListPlans slice, CancellationToken ct) => slice.RunAsync(list, ct)).RequireAuthorization(Access.Oversee);

        plans.MapGet("{id:guid}", (Guid id, GetPlan slice, CancellationToken ct) => slice.RunAsync(id, ct)).RequireAuthorization(Access.Oversee);

        plans.MapGet("{id:guid}/items", (Guid id, [AsParameters] ListQuery list, [AsParameters] ListItems.Filter filter, ListItems slice, CancellationToken ct) =>
            slice.RunAsync(id, list, filter, ct)).RequireAuthorization(Access.Oversee);

        plans.MapGet("{id:guid}/items.csv", (
            Guid id, [AsParameters] ListQuery list, [AsParameters] ListItems.Filter filter, ExportItems slice, HttpResponse response, CancellationToken ct) =>
            Csv.SendAsync(response, $"plan-{filter.Bucket ?? "items"}.csv", slice.RunAsync(id, list, filter, ct), ct)).RequireAuthorization(Access.Oversee);

        plans.MapGet("{id:guid}/items/{number:int}", (Guid id, int number, ListItems slice, CancellationToken ct) =>
            slice.OneAsync(id, number, ct)).RequireAuthorization(Access.Oversee);

        plans.MapGet("{id:guid}/items/{number:int}/agents", (Guid id, int number, [AsParameters] ListQuery list, ListItemAgents slice, CancellationToken ct) =>
            slice.RunAsync(id, number, list, ct)).RequireAuthorization(Access.Oversee);

        plans.MapPut("{id:guid}/decisions", (Guid id, DecidePlan.Form form, DecidePlan slice, ClaimsPrincipal who, CancellationToken ct) =>
            slice.RunAsync(id, form, Actor.Of(who), ct)).RequireAuthorization(Access.Administer);
    }

    public static void AddMigrationVerbs(this ICollection<IVerb> verbs) => verbs.Add(new PlanVerbs());
}
