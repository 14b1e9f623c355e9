using System.Security.Claims;
using KeyVaultApp.Domain;
using KeyVaultApp.Web;

namespace KeyVaultApp.LegacyKeys;

internal static class MakeKeyModule
{
    public static IServiceCollection AddMakeKey(this IServiceCollection services) => services
        .AddScoped<LinkAgents>()
        .AddScoped<OfferKey>()
        .AddScoped<MakeKey>();

    public static void MapMakeKey(this IEndpointRouteBuilder routes)
    {
        var slot = routes.MapGroup("/api/v1/agents/{id:guid}/keys/{kind}/make-key").WithTags("Agents");

        slot.MapGet("", (Guid id, string kind, OfferKey slice, ClaimsPrincipal who, CancellationToken ct) =>
            slice.RunAsync(id, Kind(kind), Actor.Of(who), ct)).RequireAuthorization(Access.Administer);

        slot.MapPost("", async Task<IResult> (Guid id, string kind, MakeKey.Form form, MakeKey slice, ClaimsPrincipal who, CancellationToken ct) =>
        {
            var made = await slice.RunAsync(id, Kind(kind), form, Actor.Of(who), ct);
            return made.Created ? TypedResults.Created($"/api/v1/keys/{made.KeyId}", made) : TypedResults.Ok(made);
        }).Produces<MakeKey.Answer>().Produces<MakeKey.Answer>(StatusCodes.Status201Created).RequireAuthorization(Access.Administer);
    }

    /// <summary>The kind in an address.</summary>
    public static KeyKind Kind(string word) => KeyKinds.Parse(word) ?? throw Refusal.NotFound("slot");
}
