using System.Security.Claims;
using KeyVaultApp.Domain;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace KeyVaultApp.KeyResolution;

public static class KeyResolutionModule
{
    public static IServiceCollection AddKeyResolution(this IServiceCollection services) => services
        .AddScoped<ReadSlots>()
        .AddScoped(provider => new KeyResolver(
            provider.GetRequiredService<ReadSlots>(),
            provider.GetRequiredService<ILegacyKeys>(),
            provider.GetRequiredService<Encryption.RevealValues>(),
            provider.GetRequiredService<TimeProvider>()));

    public static void MapKeyResolution(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").WithTags("Key resolution");

        api.MapGet("agents/{id:guid}/keys/{kind}", (Guid id, string kind, KeyResolver resolver, ClaimsPrincipal who, CancellationToken ct) =>
            OneAsync(new AgentAddress.ById(id), kind, resolver, who, ct)).RequireAuthorization(Access.Resolve);

        api.MapGet("agents/{id:guid}/keys", (Guid id, KeyResolver resolver, ClaimsPrincipal who, CancellationToken ct) =>
            AllAsync(new AgentAddress.ById(id), resolver, who, ct)).RequireAuthorization(Access.Resolve);

        api.MapGet("workspaces/{id:guid}/agents/by-external-id/{externalId}/keys/{kind}", (
            Guid id, string externalId, string kind, HttpContext http, KeyResolver resolver, ClaimsPrincipal who, CancellationToken ct) =>
            OneAsync(new AgentAddress.ByExternalId(id, AsSent(externalId, http)), kind, resolver, who, ct)).RequireAuthorization(Access.Resolve);

        api.MapGet("workspaces/{id:guid}/agents/by-external-id/{externalId}/keys", (
            Guid id, string externalId, HttpContext http, KeyResolver resolver, ClaimsPrincipal who, CancellationToken ct) =>
            AllAsync(new AgentAddress.ByExternalId(id, AsSent(externalId, http)), resolver, who, ct)).RequireAuthorization(Access.Resolve);

        api.MapGet("agents/{id:guid}/keys/{kind}/explain", async Task<Results<Ok<ExplainKey.Answer>, ProblemHttpResult>> (
            Guid id, string kind, KeyResolver resolver, ClaimsPrincipal who, CancellationToken ct) =>
        {
            if (KeyKinds.Parse(kind) is not { } slot) return Answers.UnknownKind();
            var agent = await resolver.ResolveAsync(new AgentAddress.ById(id), [slot], Actor.Of(who), ct, counts: false);
            return agent is null ? Answers.NoAgent() : TypedResults.Ok(ExplainKey.Of(agent, slot));
        }).RequireAuthorization(Access.ReadAgents);
    }

    /// <summary>Routing leaves %2F as it is, so that a/b could not be told from a%2Fb: where there is one, what was sent decides.</summary>
    private static string AsSent(string externalId, HttpContext http)
    {
        if (!externalId.Contains("%2F", StringComparison.OrdinalIgnoreCase)) return externalId;
        var segments = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0].Split('/');
        return Uri.UnescapeDataString(segments[Array.IndexOf(segments, "by-external-id") + 1]);
    }

    private static async Task<Results<Ok<Answers.One>, ProblemHttpResult>> OneAsync(
        AgentAddress address, string kind, KeyResolver resolver, ClaimsPrincipal who, CancellationToken ct)
    {
        if (KeyKinds.Parse(kind) is not { } slot) return Answers.UnknownKind();
        var agent = await resolver.ResolveAsync(address, [slot], Actor.Of(who), ct);
        return agent is null ? Answers.NoAgent() : Answers.OfOne(agent, slot);
    }

    private static async Task<Results<Ok<Answers.All>, ProblemHttpResult>> AllAsync(
        AgentAddress address, KeyResolver resolver, ClaimsPrincipal who, CancellationToken ct)
    {
        var agent = await resolver.ResolveAsync(address, KeyKinds.All, Actor.Of(who), ct);
        return agent is null ? Answers.NoAgent() : TypedResults.Ok(Answers.OfAll(agent));
    }
}
