using KeyVaultApp.Domain;
using KeyVaultApp.Keys;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace KeyVaultApp.LegacyKeys;

public sealed record MakeKeyPage(OfferKey.Answer Offer, string? Name, string? Provider, string? Region, LinkScope Link)
{
    /// <summary>A usable key that has the value already: then no other is made.</summary>
    public OfferKey.Match? Use => Offer.Matches.FirstOrDefault(match => match.Status == KeyState.Active);

    public string Command => $"KeyVaultApp agents make-key {Offer.AgentId} {Offer.Kind.Word()} {(Use is { } key ? $"--use {key.Id}" : "--name NAME")}{(NeedsConfirmation ? " --confirm" : "")}";

    public bool NeedsConfirmation => Use is null && (Offer.Findings.Count > 0 || Offer.Matches.Count > 0);
}

[Route("/agents/{id:guid}/keys/{kind}/make-key")]
[Authorize(Policy = Access.Administer)]
public sealed class MakeKeyController : PageController
{
    [HttpGet("")]
    public async Task<IActionResult> New(Guid id, string kind, [FromServices] OfferKey offer, CancellationToken ct)
    {
        var found = await offer.RunAsync(id, MakeKeyModule.Kind(kind), Actor.Of(User), ct);
        return View("MakeKey", new MakeKeyPage(found, Suggested(found), Provider: null, Region: null, LinkScope.Workspace));
    }

    [HttpPost("")]
    public Task<IActionResult> New(
        Guid id, string kind, [FromForm] MakeKey.Form form, [FromServices] MakeKey make, [FromServices] OfferKey offer, CancellationToken ct)
    {
        var slot = MakeKeyModule.Kind(kind);
        return SaveAsync(
            async () =>
            {
                var made = await make.RunAsync(id, slot, form with { Provider = form.Provider.NullIfBlank(), Region = form.Region.NullIfBlank() }, Actor.Of(User), ct);
                return Done($"{made.KeyName} {(made.Created ? "made" : "used")}; {Count.Of(made.Linked, "agent")} linked.", $"/agents/{id}");
            },
            async () => View("MakeKey", new MakeKeyPage(
                await offer.RunAsync(id, slot, Actor.Of(User), ct), form.Name, form.Provider, form.Region, form.Link ?? LinkScope.ThisAgent)));
    }

    private static string Suggested(OfferKey.Answer offer) => $"{offer.WorkspaceName} {offer.Kind.Label()}" is { Length: <= KeyResource.NameMaxLength } name ? name : "";
}
