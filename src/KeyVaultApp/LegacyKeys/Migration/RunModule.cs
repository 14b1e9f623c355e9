using System.Security.Claims;
using KeyVaultApp.Cli;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>Running plans, watching runs and rolling them back: one line a slice.</summary>
internal static class RunModule
{
    public static IServiceCollection AddRuns(this IServiceCollection services) => services
        .AddSingleton(provider => RunSettings.From(provider.GetRequiredService<IConfiguration>(), provider.GetRequiredService<StorageOptions>().Provider))
        .AddSingleton<RunHolder>()
        .AddSingleton<RunSignal>()
        .AddSingleton<RunWorker>()
        .AddHostedService<PickUpRuns>()
        .AddScoped<RunLease>()
        .AddScoped<StartRun>()
        .AddScoped<PauseRun>()
        .AddScoped<ResumeRun>()
        .AddScoped<StopRun>()
        .AddScoped<StartRollback>()
        .AddScoped<TakeUpRun>()
        .AddScoped<RunSteps>()
        .AddScoped<EndRun>()
        .AddScoped<AssignPlannedKeys>()
        .AddScoped<PlannedSlots>()
        .AddScoped<HeldAgents>()
        .AddScoped<MakePlannedKeys>()
        .AddScoped<Journal>()
        .AddScoped<KnownValues>()
        .AddScoped<LinkedAgents>()
        .AddScoped<LinkAgents>()
        .AddScoped<WrittenSlots>()
        .AddScoped<RollbackOutcomes>()
        .AddScoped<RestoreAgents>()
        .AddScoped<RemoveUnusedKeys>()
        .AddScoped<RunOutcomes>()
        .AddScoped<GetRun>()
        .AddScoped<ListRuns>()
        .AddScoped<KeyProblems>()
        .AddScoped<ListRunItems>()
        .AddScoped<ExportRun>()
        .AddScoped<PreviewRollback>()
        .AddScoped<RunPages>()
        .AddSingleton<WatchRun>();

    public static void MapRuns(this IEndpointRouteBuilder routes)
    {
        var runs = routes.MapGroup("/api/v1/migration/runs").WithTags("Migration");

        runs.MapPost("", async (StartRun.Form form, StartRun slice, ClaimsPrincipal who, CancellationToken ct) =>
            Accepted(await slice.RunAsync(form, Actor.Of(who), ct))).RequireAuthorization(Access.Migrate);

        runs.MapGet("", ([AsParameters] ListQuery list, ListRuns slice, CancellationToken ct) => slice.RunAsync(list, ct)).RequireAuthorization(Access.Oversee);

        runs.MapGet("{id:guid}", (Guid id, GetRun slice, CancellationToken ct) => slice.RunAsync(id, ct)).RequireAuthorization(Access.Oversee);

        runs.MapGet("{id:guid}/items", (Guid id, [AsParameters] ListQuery list, [AsParameters] ListRunItems.Filter filter, ListRunItems slice, CancellationToken ct) =>
            slice.RunAsync(id, list, filter, ct)).RequireAuthorization(Access.Oversee);

        runs.MapGet("{id:guid}/items.csv", (Guid id, [AsParameters] ListRunItems.Filter filter, ExportRun slice, HttpResponse response, CancellationToken ct) =>
            Csv.SendAsync(response, $"run-{filter.Outcome ?? "report"}.csv", slice.RunAsync(id, filter, ct), ct)).RequireAuthorization(Access.Oversee);

        runs.MapGet("{id:guid}/events", (Guid id, WatchRun slice, HttpResponse response, CancellationToken ct) =>
            slice.RunAsync(id, response, ct)).RequireAuthorization(Access.Oversee);

        runs.MapPost("{id:guid}/pause", async (Guid id, PauseRun slice, ClaimsPrincipal who, CancellationToken ct) =>
        {
            await slice.RunAsync(id, Actor.Of(who), ct);
            return Accepted(id);
        }).RequireAuthorization(Access.Migrate);

        runs.MapPost("{id:guid}/resume", async (Guid id, ResumeRun slice, ClaimsPrincipal who, CancellationToken ct) =>
        {
            await slice.RunAsync(id, Actor.Of(who), ct);
            return Accepted(id);
        }).RequireAuthorization(Access.Migrate);

        runs.MapPost("{id:guid}/stop", async (Guid id, StopRun slice, ClaimsPrincipal who, CancellationToken ct) =>
        {
            await slice.RunAsync(id, Actor.Of(who), ct);
            return Accepted(id);
        }).RequireAuthorization(Access.Migrate);

        runs.MapGet("{id:guid}/rollback", (Guid id, [AsParameters] ListQuery list, PreviewRollback slice, CancellationToken ct) =>
            slice.RunAsync(id, list, ct)).RequireAuthorization(Access.Oversee);

        runs.MapPost("{id:guid}/rollback", async (Guid id, StartRollback.Form? form, StartRollback slice, ClaimsPrincipal who, CancellationToken ct) =>
            Accepted(await slice.RunAsync(id, form, Actor.Of(who), ct))).RequireAuthorization(Access.Migrate);
    }

    public static void AddRunVerbs(this ICollection<IVerb> verbs)
    {
        verbs.Add(new RunVerbs());
        verbs.Add(new ReportVerb());
    }

    private sealed record Started(Guid Id);

    private static Microsoft.AspNetCore.Http.HttpResults.Accepted<Started> Accepted(Guid id) => TypedResults.Accepted($"/api/v1/migration/runs/{id}", new Started(id));
}
