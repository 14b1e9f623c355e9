using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace KeyVaultApp.Web;

public static class WebModule
{
    /// <summary>Bodies that are larger are refused before they are read; the few imports that take more say so themselves.</summary>
    private const long LargestBody = 1024 * 1024;

    private const long MostConnections = 10_000;

    public static IServiceCollection AddWeb(this IServiceCollection services)
    {
        Validation.Configure();
        services.Configure<JsonOptions>(json => Json.Configure(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
        });
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = Problems.Complete);
        services.AddExceptionHandler<Problems>();
        services.AddHttpContextAccessor();
        services.AddOpenApi(ApiDocument.Describe);
        services.AddPanel();
        return services;
    }

    public static WebApplication UseWeb(this WebApplication app)
    {
        app.UseMiddleware<RequestLog>();
        app.UseSecurityHeaders();
        app.UseCookiePolicy();
        // Not in a branch: those cannot route anew. Programs get their problem details before this sees the answer.
        app.UseStatusCodePagesWithReExecute(ErrorController.Path);
        app.UseWhen(context => Surface.IsApi(context.Request), api => api.UseStatusCodePages());
        app.UseExceptionHandler(new ExceptionHandlerOptions { SuppressDiagnosticsCallback = _ => true });
        app.Use(RequireUtf8);
        return app;
    }

    /// <summary>JSON and forms are UTF-8; what names another encoding is refused before anybody tries to read it.</summary>
    private static Task RequireUtf8(HttpContext context, RequestDelegate next) =>
        context.Request.GetTypedHeaders().ContentType?.Charset is { Length: > 0 } charset && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            ? throw new Microsoft.AspNetCore.Http.BadHttpRequestException("Another encoding than UTF-8.", StatusCodes.Status415UnsupportedMediaType)
            : next(context);
}
