namespace KeyVaultApp.Web;

public static class ApiPage
{
    private const string Path = "/docs/api";

    /// <summary>Swagger UI styles itself inline; its scripts are files like ours, and nothing comes from elsewhere.</summary>
    private const string Policy =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'";

    /// <summary>The API to read and to try. It stands after authorization, so the fallback policy asks strangers to sign in.</summary>
    public static IApplicationBuilder UseApiPage(this IApplicationBuilder app)
    {
        app.UseWhen(context => context.Request.Path.StartsWithSegments(Path), page => page.Use((context, next) =>
        {
            context.Response.Headers.ContentSecurityPolicy = Policy;
            return next(context);
        }));
        return app.UseSwaggerUI(swagger =>
        {
            swagger.RoutePrefix = Path.TrimStart('/');
            swagger.DocumentTitle = "API · KeyVaultApp";
            swagger.SwaggerEndpoint("/openapi/v1.json", "KeyVaultApp v1");
        });
    }
}
