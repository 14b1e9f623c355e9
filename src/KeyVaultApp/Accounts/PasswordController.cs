using KeyVaultApp.Domain;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace KeyVaultApp.Accounts;

[Authorize(Policy = Access.ReadWorkspaces)]
[Route("/account/password")]
public sealed class PasswordController : PageController
{
    [HttpGet]
    public IActionResult Index() => View();

    [HttpPost]
    public Task<IActionResult> Index(
        [FromForm] ChangePassword.Form form, [FromServices] ChangePassword change, [FromServices] TimeProvider clock, CancellationToken ct) => SaveAsync(
        async () =>
        {
            await Session.StartAsync(HttpContext, await change.RunAsync(form, Actor.Of(User), ct), clock);
            return Done("Password changed. Your other sessions have ended.", "/account/password");
        },
        () => Task.FromResult<IActionResult>(View()));
}
