using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using QRCoder;

namespace KeyVaultApp.Accounts;

[Authorize(Policy = Access.ReadWorkspaces)]
[Route("/account/second-factor")]
public sealed class SecondFactorController : PageController
{
    private const int ModuleSize = 4;

    /// <param name="Offer">What to set up; null where it is set up.</param>
    /// <param name="QrCode">The offer as SVG without style attributes, which the content policy forbids.</param>
    public sealed record SecondFactorPage(TurnOnSecondFactor.Offer? Offer, string? QrCode, int RecoveryCodesLeft);

    [HttpGet]
    public Task<IActionResult> Index([FromServices] KeyVaultDb db, [FromServices] SecondFactor factor, [FromServices] TurnOnSecondFactor turnOn, CancellationToken ct) =>
        ShowAsync(null, db, factor, turnOn, ct);

    [HttpPost]
    public Task<IActionResult> TurnOn(
        [FromForm] TurnOnSecondFactor.Form form, [FromServices] TurnOnSecondFactor turnOn, [FromServices] KeyVaultDb db, [FromServices] SecondFactor factor,
        [FromServices] TimeProvider clock, CancellationToken ct) => SaveAsync(
        async () =>
        {
            var answer = await turnOn.RunAsync(form, Actor.Of(User), ct);
            await Session.StartAsync(HttpContext, answer.User, clock);
            return View("Codes", answer.RecoveryCodes);
        },
        () => ShowAsync(form.Offer, db, factor, turnOn, ct));

    [HttpPost("codes")]
    public Task<IActionResult> Renew(
        [FromForm] RenewRecoveryCodes.Form form, [FromServices] RenewRecoveryCodes renew, [FromServices] TurnOnSecondFactor turnOn, [FromServices] KeyVaultDb db,
        [FromServices] SecondFactor factor, CancellationToken ct) => SaveAsync(
        async () => View("Codes", await renew.RunAsync(form, Actor.Of(User), ct)),
        () => ShowAsync(null, db, factor, turnOn, ct));

    [HttpPost("off")]
    public Task<IActionResult> TurnOff(
        [FromForm] TurnOffSecondFactor.Form form, [FromServices] TurnOffSecondFactor turnOff, [FromServices] TurnOnSecondFactor turnOn, [FromServices] KeyVaultDb db,
        [FromServices] SecondFactor factor, [FromServices] TimeProvider clock, CancellationToken ct) => SaveAsync(
        async () =>
        {
            await Session.StartAsync(HttpContext, await turnOff.RunAsync(form, Actor.Of(User), ct), clock);
            return Done("The second factor is off. Your password alone lets you in.", "/account/second-factor");
        },
        () => ShowAsync(null, db, factor, turnOn, ct));

    private async Task<IActionResult> ShowAsync(string? offer, KeyVaultDb db, SecondFactor factor, TurnOnSecondFactor turnOn, CancellationToken ct)
    {
        var actor = Actor.Of(User);
        // A token has no second factor, and gets the page of somebody who has none.
        var id = actor.Kind == ActorKind.User ? actor.Id!.Value : Guid.Empty;
        if (await db.Users.AnyAsync(user => user.Id == id && user.TwoFactorEnabled, ct))
            return View("Index", new SecondFactorPage(null, null, await factor.RecoveryCodesLeftAsync(id, ct)));
        var made = turnOn.Make(actor, offer);
        return View("Index", new SecondFactorPage(made, QrCodeOf(made.Uri), 0));
    }

    private static string QrCodeOf(string text)
    {
        using var code = new SvgQRCode(QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M));
        return code.GetGraphic(ModuleSize, "#000000", "#ffffff", drawQuietZones: true, SvgQRCode.SizingMode.ViewBoxAttribute);
    }
}
