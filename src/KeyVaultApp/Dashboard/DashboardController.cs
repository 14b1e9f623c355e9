using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Rollout;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace KeyVaultApp.Dashboard;

public sealed class DashboardController : PageController
{
    private const string DismissedCookie = "__Host-keyvault-checklist";
    private static readonly TimeSpan Dismissed = TimeSpan.FromDays(365);

    /// <summary>As much as is read at a glance.</summary>
    private static readonly ListQuery Latest = new(PageSize: "8");

    [HttpGet("/")]
    [Authorize(Policy = Access.ReadWorkspaces)]
    public async Task<IActionResult> IndexAsync(
        [FromServices] NeedsAttention attention, [FromServices] MigrationSteps steps, [FromServices] FirstSteps first, [FromServices] ReadsOfOldColumns reads,
        [FromServices] CountPhases count, [FromServices] ListActivity activity, [FromServices] StandingTargets targets, CancellationToken ct)
    {
        if (Actor.Of(User).Role is not (Role.Admin or Role.Ops)) return LocalRedirect("/agents");

        var entries = (await activity.RunAsync(Latest, new ListActivity.Filter(), ct)).Items;
        var phases = await count.RunAsync(ct);
        return View("Index", new DashboardPage(
            phases,
            await attention.RunAsync(ct),
            await steps.RunAsync(phases, ct),
            await reads.RunAsync(ct),
            Request.Cookies.ContainsKey(DismissedCookie) ? [] : await first.RunAsync(ct),
            entries,
            await targets.OfAsync(entries, ct)));
    }

    [HttpPost("/dashboard/checklist")]
    [Authorize(Policy = Access.Oversee)]
    public IActionResult Dismiss()
    {
        Response.Cookies.Append(DismissedCookie, "dismissed", new CookieOptions { Path = "/", Secure = true, HttpOnly = true, SameSite = SameSiteMode.Lax, MaxAge = Dismissed });
        return LocalRedirect("/");
    }
}

/// <summary>What the dashboard shows.</summary>
/// <param name="Reads">Null where there are no old columns.</param>
/// <param name="FirstSteps">Empty where they were dismissed.</param>
/// <param name="Standing">The targets of the entries that still have a page.</param>
public sealed record DashboardPage(
    CountPhases.Answer Phases, NeedsAttention.Answer Attention, IReadOnlyList<MigrationSteps.Step> Steps, ReadsOfOldColumns.Answer? Reads, IReadOnlyList<FirstSteps.Item> FirstSteps,
    IReadOnlyList<ListActivity.Row> Activity, IReadOnlySet<Guid> Standing);
