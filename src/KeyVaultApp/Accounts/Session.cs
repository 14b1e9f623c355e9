using System.Security.Claims;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Accounts;

/// <summary>
/// Somebody who is signed in. The cookie says who and since when, and nothing of what they may do: that is read at every
/// request, so a dropped role, a workspace taken away and a disabled user count at once.
/// </summary>
internal static class Session
{
    public const string SchemeName = "Session";

    private const string SignInPath = "/sign-in";
    private const string StampClaim = "stamp";
    private const string SinceItem = "since";

    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(8);

    /// <summary>How often the half hour starts anew, so that not every answer carries a cookie.</summary>
    private static readonly TimeSpan Renewal = TimeSpan.FromMinutes(1);

    public static void Configure(CookieAuthenticationOptions cookie)
    {
        cookie.Cookie.Name = "__Host-keyvault";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.ExpireTimeSpan = Idle;
        cookie.SlidingExpiration = true;
        cookie.Events.OnCheckSlidingExpiration = check =>
        {
            check.ShouldRenew = check.ElapsedTime >= Renewal;
            return Task.CompletedTask;
        };
        cookie.Events.OnValidatePrincipal = ValidateAsync;
        cookie.Events.OnRedirectToLogin = Challenge;
        cookie.Events.OnRedirectToAccessDenied = refused =>
        {
            refused.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        };
    }

    public static Task StartAsync(HttpContext http, User user, TimeProvider clock)
    {
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, user.Id.ToString()), new Claim(StampClaim, user.SecurityStamp!)], SchemeName);
        var properties = new AuthenticationProperties { Items = { [SinceItem] = clock.GetUtcNow().ToUnixTimeSeconds().ToString() } };
        return http.SignInAsync(SchemeName, new ClaimsPrincipal(identity), properties);
    }

    public static Task EndAsync(HttpContext http) => http.SignOutAsync(SchemeName);

    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var clock = context.HttpContext.RequestServices.GetRequiredService<TimeProvider>();
        var isYoung = context.Properties.Items.TryGetValue(SinceItem, out var since)
            && long.TryParse(since, out var seconds)
            && clock.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(seconds) < Longest;
        if (isYoung && await FindAsync(context) is { } actor)
        {
            context.ReplacePrincipal(new ClaimsPrincipal(actor.ToIdentity(SchemeName)));
            return;
        }

        context.RejectPrincipal();
        await EndAsync(context.HttpContext);
    }

    private static async Task<Actor?> FindAsync(CookieValidatePrincipalContext context)
    {
        if (!Guid.TryParse(context.Principal!.FindFirstValue(ClaimTypes.NameIdentifier), out var id)) return null;
        var stamp = context.Principal!.FindFirstValue(StampClaim);
        var db = context.HttpContext.RequestServices.GetRequiredService<KeyVaultDb>();
        var user = await db.Users.AsNoTracking()
            .Where(user => user.Id == id && user.DisabledAt == null)
            .Select(user => new
            {
                user.Email,
                user.Role,
                user.SecurityStamp,
                Workspaces = db.WorkspaceMembers.Where(member => member.UserId == user.Id).Select(member => member.WorkspaceId).ToList(),
            })
            .SingleOrDefaultAsync(context.HttpContext.RequestAborted);
        return user is null || user.SecurityStamp != stamp
            ? null
            : new Actor(ActorKind.User, id, user.Email!, user.Role, user.Role == Role.User ? user.Workspaces : null);
    }

    /// <summary>People go to the sign-in page and come back from there; programs are told.</summary>
    private static Task Challenge(RedirectContext<CookieAuthenticationOptions> context)
    {
        if (Surface.IsApi(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }
        else
        {
            var back = HttpMethods.IsGet(context.Request.Method) ? QueryString.Create("returnUrl", context.Request.Path + context.Request.QueryString) : default;
            context.Response.Redirect($"{SignInPath}{back}");
        }

        return Task.CompletedTask;
    }
}
