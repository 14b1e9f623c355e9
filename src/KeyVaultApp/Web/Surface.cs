namespace KeyVaultApp.Web;

/// <summary>Two kinds of callers: programs get JSON and never a redirect, people get pages.</summary>
public static class Surface
{
    public static bool IsApi(HttpRequest request) =>
        request.Path.StartsWithSegments("/api")
        || request.Path.StartsWithSegments("/openapi")
        || request.Path.StartsWithSegments("/health")
        || (request.Path.StartsWithSegments("/workspaces") && request.Path.Value!.TrimEnd('/').EndsWith("/api-keys", StringComparison.OrdinalIgnoreCase));
}
