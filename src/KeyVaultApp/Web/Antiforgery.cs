using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Diagnostics;

namespace KeyVaultApp.Web;

public static class Antiforgery
{
    /// <summary>
    /// Every unsafe request that a browser could be tricked into sending carries the form's token, pages and API alike. A
    /// request with an Authorization header is not such a one: no browser adds it by itself, and the cookie is ignored then.
    /// </summary>
    public static IApplicationBuilder UseAntiforgeryForCookies(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        var request = context.Request;
        var isSafe = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method);
        var isErrorPage = context.Features.Get<IStatusCodeReExecuteFeature>() is not null;
        var mustCheck = !isSafe && !isErrorPage && !request.Headers.ContainsKey("Authorization") && (context.User.Identity?.IsAuthenticated == true || !Surface.IsApi(request));
        if (mustCheck && !await IsValidAsync(context))
            throw new Refusal(RefusalKind.Invalid, "antiforgery", "This form is too old, or it was not sent from this panel. Load the page again and repeat it.");
        await next(context);
    });

    private static async Task<bool> IsValidAsync(HttpContext context)
    {
        try
        {
            return await context.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context);
        }
        catch (AntiforgeryValidationException unreadable)
        {
            // It reads the form for its token: what is too large, broken or too much ends here.
            if (unreadable.InnerException is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } tooLarge) throw tooLarge;
            throw new Refusal(RefusalKind.Invalid, Refusal.InvalidCode, "The form cannot be read. Load the page again and repeat it.");
        }
    }
}
