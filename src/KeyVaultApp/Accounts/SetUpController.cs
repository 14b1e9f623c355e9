using KeyVaultApp.Encryption;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace KeyVaultApp.Accounts;

[AllowAnonymous]
[Route(FirstStart.Path)]
public sealed class SetUpController : PageController
{
    /// <param name="Schema">What the database has, for whoever brings the link.</param>
    public sealed record SetUpPage(string Token, string? Email, Schema.Status Schema, KeyringStatus Keyring);

    [HttpGet]
    public async Task<IActionResult> Index(
        string? token, [FromServices] FirstStart first, [FromServices] SetUp setUp, [FromServices] Schema schema, [FromServices] Keyring keyring, CancellationToken ct)
    {
        if (await first.IsOverAsync(ct)) return View("Over");
        return await setUp.IsGoodAsync(token, ct) ? await ShowAsync(token!, null, schema, keyring, ct) : View("Link", token is not null);
    }

    [HttpPost]
    public Task<IActionResult> Index(
        [FromForm] SetUp.Form form, [FromServices] SetUp setUp, [FromServices] Schema schema, [FromServices] Keyring keyring, [FromServices] TimeProvider clock,
        CancellationToken ct) => SaveAsync(
        async () =>
        {
            await Session.StartAsync(HttpContext, await setUp.RunAsync(form, ct), clock);
            return LocalRedirect($"{FirstStart.Path}/next");
        },
        async () => await setUp.IsGoodAsync(form.Token, ct) ? await ShowAsync(form.Token!, form.Email, schema, keyring, ct) : View("Link", true));

    private async Task<ViewResult> ShowAsync(string token, string? email, Schema schema, Keyring keyring, CancellationToken ct) =>
        View("Index", new SetUpPage(token, email, await schema.StatusAsync(ct), await keyring.StatusAsync(ct)));
}
