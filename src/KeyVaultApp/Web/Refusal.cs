using FluentValidation.Results;

namespace KeyVaultApp.Web;

public enum RefusalKind
{
    Invalid,
    NotFound,
    Conflict,
    Unavailable,
}

/// <summary>
/// The product says no, and says why: a problem detail over HTTP, a message beside the field on a page, an exit code on the
/// command line. Nothing was written. Its texts and members never carry a value that was posted.
/// </summary>
public sealed class Refusal(RefusalKind kind, string code, string message) : Exception(message)
{
    public const string InvalidCode = "invalid";
    public const string StaleVersionCode = "stale_version";

    public RefusalKind Kind { get; } = kind;

    /// <summary>Stable; programs branch on it.</summary>
    public string Code { get; } = code;

    /// <summary>Field name as in the JSON body, with what is wrong with it.</summary>
    public IReadOnlyDictionary<string, string[]> Errors { get; init; } = new Dictionary<string, string[]>();

    /// <summary>Further members of the problem detail, such as <c>total</c> and <c>agents</c>.</summary>
    public IReadOnlyDictionary<string, object?> Facts { get; init; } = new Dictionary<string, object?>();

    /// <summary>The same at a command line, the message last: there is no page beside it that shows who is meant.</summary>
    public IReadOnlyList<string> AtCommandLine { get; init; } = [message];

    public static Refusal Invalid(string field, string message) => Of(RefusalKind.Invalid, InvalidCode, field, message);

    public static Refusal Invalid(IEnumerable<ValidationFailure> failures)
    {
        var errors = failures
            .GroupBy(failure => failure.PropertyName, failure => failure.ErrorMessage)
            .ToDictionary(field => field.Key, field => field.Distinct().ToArray());
        return new Refusal(RefusalKind.Invalid, InvalidCode, string.Join(' ', errors.SelectMany(field => field.Value))) { Errors = errors };
    }

    /// <summary>A name that somebody else has, ignoring case.</summary>
    public static Refusal Taken(string field, string message) => Of(RefusalKind.Conflict, $"{field}_taken", field, message);

    /// <summary>A field that names something outside the caller's reach: it reads as if it did not exist.</summary>
    public static Refusal UnknownIn(string field, string message) => Of(RefusalKind.NotFound, "not_found", field, message);

    public static Refusal NotFound(string what) => new(RefusalKind.NotFound, "not_found", $"There is no such {what}.");

    /// <summary>Some of several things that a field names are not there; they are told by their place, counted from 1.</summary>
    public static Refusal NotFound(string what, string field, IReadOnlyList<int> places) => Of(
        RefusalKind.NotFound, "not_found", field, $"There is no such {what}: number {string.Join(", ", places)} of those named.");

    public static Refusal Conflict(string code, string message) => new(RefusalKind.Conflict, code, message);

    public static Refusal StaleVersion() => Of(
        RefusalKind.Conflict, StaleVersionCode, "version", "Somebody changed this meanwhile. Load it again, look at the change, and save once more.");

    private static Refusal Of(RefusalKind kind, string code, string field, string message) =>
        new(kind, code, message) { Errors = new Dictionary<string, string[]> { [field] = [message] } };
}
