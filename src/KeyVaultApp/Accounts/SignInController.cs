using KeyVaultApp.Domain;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace KeyVaultApp.Accounts;

[AllowAnonymous]
public sealed class SignInController : PageController
{
    /// <param name="Email">As it was typed.</param>
    public sealed record SignInPage(string? Email, string? ReturnUrl);

    public sealed record CodePage(string Ticket, string ReturnUrl);

    [HttpGet("/sign-in")]
    public IActionResult Index(string? returnUrl) =>
        User.Identity?.IsAuthenticated == true ? LocalRedirect(Local(returnUrl)) : View(new SignInPage(null, Local(returnUrl)));

    [HttpPost("/sign-in")]
    public Task<IActionResult> Index(
        [FromForm] SignIn.Form form, [FromForm] string? returnUrl, [FromServices] SignIn signIn, [FromServices] TimeProvider clock, CancellationToken ct) => SaveAsync(
        async () =>
        {
            var answer = await signIn.RunAsync(form, ct);
            if (answer.Ticket is { } ticket) return View("Code", new CodePage(ticket, Local(returnUrl)));
            await Session.StartAsync(HttpContext, answer.User, clock);
            return LocalRedirect(Local(returnUrl));
        },
        () => Task.FromResult<IActionResult>(View(new SignInPage(form.Email, Local(returnUrl)))));

    [HttpPost("/sign-in/code")]
    public Task<IActionResult> Code(
        [FromForm] SignInWithCode.Form form, [FromForm] string? returnUrl, [FromServices] SignInWithCode signIn, [FromServices] TimeProvider clock, CancellationToken ct) => SaveAsync(
        async () =>
        {
            await Session.StartAsync(HttpContext, await signIn.RunAsync(form, ct), clock);
            return LocalRedirect(Local(returnUrl));
        },
        // Without a good ticket there is nothing to go on with: it begins with the password again.
        () => Task.FromResult<IActionResult>(ModelState.ContainsKey("code") && ModelState["code"]!.Errors.Count > 0
            ? View("Code", new CodePage(form.Ticket!, Local(returnUrl)))
            : View("Index", new SignInPage(null, Local(returnUrl)))));

    [HttpPost("/sign-out")]
    public async Task<IActionResult> Leave([FromServices] SignInLog log, CancellationToken ct)
    {
        if (User.Identity?.IsAuthenticated == true) await log.SignedOutAsync(Actor.Of(User), ct);
        await Session.EndAsync(HttpContext);
        return LocalRedirect("/sign-in");
    }

    private string Local(string? url) => Url.IsLocalUrl(url) ? url! : "/";
}
