using Microsoft.AspNetCore.Diagnostics;

namespace KeyVaultApp.Web;

/// <summary>One line a request: method, route, status, time. No body, query string, header or id from the path.</summary>
internal sealed partial class RequestLog(RequestDelegate next, ILogger<RequestLog> logger, TimeProvider clock)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var started = clock.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            var endpoint = context.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? context.GetEndpoint();
            var route = (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)";
            Log.Answered(logger, context.Request.Method, route, context.Response.StatusCode, (int)clock.GetElapsedTime(started).TotalMilliseconds, Trace.Id);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Method} {Route} answered {Status} in {Milliseconds} ms, trace {TraceId}")]
        public static partial void Answered(ILogger logger, string method, string route, int status, int milliseconds, string? traceId);
    }
}
