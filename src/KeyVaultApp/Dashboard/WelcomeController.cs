using KeyVaultApp.Accounts;
using KeyVaultApp.Domain;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace KeyVaultApp.Dashboard;

/// <summary>Where the first administrator begins: with a key of their own, or with something to look at.</summary>
[Authorize(Policy = Access.Administer)]
public sealed class WelcomeController : PageController
{
    [HttpGet($"{FirstStart.Path}/next")]
    public IActionResult Index() => View("~/Dashboard/Welcome.cshtml");

    /// <summary>Once begun it is finished, also when nobody waits for it: half a fleet would be in the way of the next try.</summary>
    [HttpPost($"{FirstStart.Path}/demo")]
    public Task<IActionResult> DemoAsync([FromServices] CreateDemo demo) => SaveAsync(
        async () =>
        {
            var made = await demo.RunAsync(new CreateDemo.Form(), Actor.Of(User), CancellationToken.None);
            return Done($"{made.Workspaces} workspaces, {made.Agents} agents and {made.Keys} keys are there, all made up.", "/");
        },
        () => Task.FromResult(Index()));
}
