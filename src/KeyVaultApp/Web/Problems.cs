using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace KeyVaultApp.Web;

/// <summary>
/// Makes RFC 9457 problem details of whatever ends a request early. Each has a stable <c>code</c> and a <c>trace_id</c>;
/// none repeats what was sent, so that a key posted to the wrong field is not sent back or logged.
/// </summary>
internal sealed partial class Problems(IProblemDetailsService problems, IOptions<StorageFaults> faults, ILogger<Problems> logger) : IExceptionHandler
{
    private const string RetryAfterSeconds = "5";

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var refusal = exception switch
        {
            Refusal refused => refused,
            DbUpdateConcurrencyException => Refusal.StaleVersion(),
            _ when faults.Value.IsAway(exception) => new Refusal(RefusalKind.Unavailable, "unavailable", "The database cannot be reached just now. Try again shortly."),
            DbUpdateException when faults.Value.IsConflict(exception) => Refusal.Conflict(
                "changed_meanwhile", "Something this depends on was made or deleted meanwhile. Load it again, and repeat the change."),
            _ => null,
        };
        var details = (refusal, exception) switch
        {
            ({ } refused, _) => From(refused),
            (_, BadHttpRequestException bad) => From(bad),
            (_, OperationCanceledException) when httpContext.RequestAborted.IsCancellationRequested => Details(499, "request_aborted", "The client went away."),
            _ => Unexpected(exception),
        };
        httpContext.Response.StatusCode = details.Status!.Value;
        if (details.Status == StatusCodes.Status503ServiceUnavailable) httpContext.Response.Headers.RetryAfter = RetryAfterSeconds;
        if (!Surface.IsApi(httpContext.Request))
        {
            // The error page is made from the empty answer, by status code pages.
            httpContext.Items[nameof(Refusal)] = refusal;
            return true;
        }

        return await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = httpContext, ProblemDetails = details });
    }

    /// <summary>Fills in what every problem carries, also those that the framework makes (401, 403, 404, 405, 415).</summary>
    public static void Complete(ProblemDetailsContext context)
    {
        var details = context.ProblemDetails;
        details.Instance = null;
        details.Extensions.Remove("traceId");
        details.Detail ??= WordsOf(details.Status);
        details.Extensions["trace_id"] = Trace.Id ?? context.HttpContext.TraceIdentifier;
        details.Extensions.TryAdd("code", details.Status switch
        {
            StatusCodes.Status401Unauthorized => "unauthorized",
            StatusCodes.Status403Forbidden => "forbidden",
            StatusCodes.Status404NotFound => "not_found",
            StatusCodes.Status405MethodNotAllowed => "method_not_allowed",
            StatusCodes.Status413PayloadTooLarge => "too_large",
            StatusCodes.Status415UnsupportedMediaType => "unsupported_media_type",
            >= 500 => "internal_error",
            _ => Refusal.InvalidCode,
        });
    }

    private static string? WordsOf(int? status) => status switch
    {
        StatusCodes.Status401Unauthorized => "Send a token that is good: Authorization: Bearer kva_... Tokens are made by `tokens create`, or in the panel under Settings.",
        StatusCodes.Status403Forbidden => "The role of whoever asks may not do this. Keys are told to resolver tokens alone; changes are an admin's.",
        StatusCodes.Status404NotFound => "There is no such address.",
        StatusCodes.Status405MethodNotAllowed => "This address does not take that method; see Allow.",
        StatusCodes.Status413PayloadTooLarge => "The body is larger than this address takes.",
        StatusCodes.Status415UnsupportedMediaType => "Send the body as application/json, in UTF-8.",
        _ => null,
    };

    public static int StatusOf(RefusalKind kind) => kind switch
    {
        RefusalKind.Invalid => StatusCodes.Status400BadRequest,
        RefusalKind.NotFound => StatusCodes.Status404NotFound,
        RefusalKind.Conflict => StatusCodes.Status409Conflict,
        _ => StatusCodes.Status503ServiceUnavailable,
    };

    private static ProblemDetails From(Refusal refusal)
    {
        var details = Details(StatusOf(refusal.Kind), refusal.Code, refusal.Message);
        if (refusal.Errors.Count > 0) details.Extensions["errors"] = refusal.Errors;
        foreach (var (name, fact) in refusal.Facts) details.Extensions[name] = fact;
        return details;
    }

    private static ProblemDetails From(BadHttpRequestException bad) => bad switch
    {
        { StatusCode: StatusCodes.Status413PayloadTooLarge } => Details(bad.StatusCode, "too_large", WordsOf(bad.StatusCode)!),
        { StatusCode: StatusCodes.Status415UnsupportedMediaType } => Details(bad.StatusCode, "unsupported_media_type", WordsOf(bad.StatusCode)!),
        { InnerException: JsonException json } => From(json),
        _ when Parameter().Match(bad.Message) is { Success: true } named => From(Fields.Unreadable(JsonNamingPolicy.SnakeCaseLower.ConvertName(named.Groups["name"].Value))),
        _ => Details(bad.StatusCode, Refusal.InvalidCode, "The request cannot be read: a JSON object is expected as the body."),
    };

    private static ProblemDetails From(JsonException json)
    {
        var field = json.InnerException is JsonException ? null : FieldOf(json);
        var message = json.InnerException is JsonException ? "The body is not valid JSON: it ends too early, or a sign is missing or too much."
            : field is null ? "The body is not the JSON object that is expected here: a member's name or type is another."
            : WordsFor(json) is { } words ? $"{field} must be one of {words}."
            : $"{field} cannot be taken: it is unknown here, stands twice, or is not of the type that is expected.";
        var details = Details(StatusCodes.Status400BadRequest, Refusal.InvalidCode, message);
        if (field is not null) details.Extensions["errors"] = new Dictionary<string, string[]> { [field] = [message] };
        return details;
    }

    /// <summary>The words of a closed list, where the reader wanted one of them: its message names the type that it was filling.</summary>
    private static string? WordsFor(JsonException json)
    {
        var type = WantedType().Match(json.Message) is { Success: true } wanted ? typeof(Problems).Assembly.GetType(wanted.Groups["name"].Value.TrimEnd('.')) : null;
        foreach (var member in (json.Path ?? "").Split('.').Skip(1))
        {
            type = Array.Find(type?.GetProperties() ?? [], property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name) == member.Split('[')[0])?.PropertyType;
            if (member.Contains('[')) type = type?.GetGenericArguments().FirstOrDefault();
            type = type is null ? null : Nullable.GetUnderlyingType(type) ?? type;
        }

        return type is { IsEnum: true } ? string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)) : null;
    }

    /// <summary>The member the reader stopped at, if its name looks like one of ours; anything else could be a key in the wrong place.</summary>
    private static string? FieldOf(JsonException json)
    {
        var named = PathMember().Match(json.Path ?? "");
        if (!named.Success) named = QuotedMember().Match(json.Message);
        return named.Success ? named.Groups["name"].Value : null;
    }

    /// <summary>A member, or a member of an element of a list: <c>decisions[3].kind</c>.</summary>
    [GeneratedRegex(@"^\$\.(?<name>[a-z][a-z_]{0,39}(\[\d{1,9}\]\.[a-z][a-z_]{0,39}(?![A-Za-z0-9_]))?)(?![A-Za-z0-9_])", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex PathMember();

    [GeneratedRegex(@"could not be converted to [^\s]*?(?<name>KeyVaultApp\.[A-Za-z.+]{1,100})", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex WantedType();

    [GeneratedRegex(@"property '(?<name>[a-z][a-z_]{0,39})'", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex QuotedMember();

    /// <summary>The framework's words for a field of the query string that does not fit its type. What was sent stands behind them.</summary>
    [GeneratedRegex("^Failed to bind parameter \"[^\"]* (?<name>[A-Za-z]{1,40})\" from ", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Parameter();

    private ProblemDetails Unexpected(Exception exception)
    {
        Log.Unexpected(logger, exception);
        return Details(StatusCodes.Status500InternalServerError, "internal_error", "Something went wrong on our side. The log has it under this trace_id.");
    }

    private static ProblemDetails Details(int status, string code, string detail) => new()
    {
        Status = status,
        Detail = detail,
        Extensions = { ["code"] = code },
    };

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "A request failed")]
        public static partial void Unexpected(ILogger logger, Exception exception);
    }
}
