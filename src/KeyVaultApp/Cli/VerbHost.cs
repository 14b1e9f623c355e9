using System.CommandLine;
using System.Text.Json;
using KeyVaultApp.Domain;
using KeyVaultApp.Encryption;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Cli;

/// <summary>What must be in place before a verb begins.</summary>
public enum Needs
{
    /// <summary>Settings that can be read, and nothing of a server database.</summary>
    Settings,

    /// <summary>A migrated database and an open keyring; the embedded default makes both.</summary>
    Installation,
}

/// <summary>Runs verbs on the app's own services, and turns what goes wrong into a message and an exit code.</summary>
public sealed class VerbHost(Func<WebApplication> build)
{
    public static readonly Option<bool> Json = new("--json") { Description = "Print JSON for machines." };

    public static readonly Option<string[]> Workspaces = new("--workspace") { Description = "A workspace, by id or name; may be repeated." };

    /// <summary>Somebody at a shell, by the name the system knows them by.</summary>
    public static Actor Operator => Actor.CommandLine(Environment.UserName);

    /// <summary>
    /// Gives the command this action, run in a scope of its own, and on another thread: SQLite never yields, and Ctrl-C is
    /// listened to only once the action has returned its task.
    /// </summary>
    public void Handle(Command command, Needs needs, Func<VerbContext, Task> body) =>
        command.SetAction((parsed, ct) => Task.Run(() => GuardAsync(parsed.GetValue(Json), async () =>
        {
            await using var app = build();
            await Installation.PrepareAsync(app.Services, needs, ct);
            await using var scope = app.Services.CreateAsyncScope();
            await body(new VerbContext(parsed, app, scope.ServiceProvider, ct));
        }), CancellationToken.None));

    private static async Task<int> GuardAsync(bool asJson, Func<Task> body)
    {
        try
        {
            await body();
            return ExitCode.Done;
        }
        catch (UsageException usage)
        {
            return await SayAsync(usage.Message, ExitCode.WrongUsage);
        }
        catch (Refusal refusal)
        {
            var code = refusal.Kind is RefusalKind.Conflict or RefusalKind.Unavailable ? ExitCode.Refused : ExitCode.Failed;
            return await SayAsync(asJson ? AsJson(refusal) : string.Join('\n', refusal.AtCommandLine), code);
        }
        catch (VerbFailedException failed)
        {
            return await SayAsync(failed.Message, ExitCode.Failed);
        }
        catch (Exception precondition) when (precondition is ConfigurationException or MasterKeyException or InstallationException or ListenException)
        {
            return await SayAsync(precondition.Message, ExitCode.Refused);
        }
        catch (OperationCanceledException)
        {
            return await SayAsync("Stopped.", ExitCode.Failed);
        }
        catch (DbUpdateConcurrencyException)
        {
            return await SayAsync(Refusal.StaleVersion().Message, ExitCode.Refused);
        }
        catch (DbUpdateException exception) when (exception.InnerException is { } inner)
        {
            return await SayAsync(inner.Message, ExitCode.Failed);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or System.Data.Common.DbException)
        {
            return await SayAsync(exception.Message, ExitCode.Failed);
        }
    }

    /// <summary>As the API has it, without what is HTTP's alone.</summary>
    private static string AsJson(Refusal refusal)
    {
        var members = new Dictionary<string, object?>(refusal.Facts, StringComparer.Ordinal) { ["code"] = refusal.Code, ["detail"] = refusal.Message };
        if (refusal.Errors.Count > 0) members["errors"] = refusal.Errors;
        return JsonSerializer.Serialize(members, Web.Json.Options);
    }

    private static async Task<int> SayAsync(string message, int code)
    {
        await Console.Error.WriteLineAsync(message);
        return code;
    }
}

/// <summary>The verb did its work, and the result is bad news: exit code 1.</summary>
public sealed class VerbFailedException(string message) : Exception(message);

/// <summary>What a verb works with.</summary>
public sealed record VerbContext(ParseResult Parsed, WebApplication App, IServiceProvider Services, CancellationToken Cancelled)
{
    public T Get<T>() where T : notnull => Services.GetRequiredService<T>();

    /// <summary>The workspace that was named by id or name; null where none was.</summary>
    public async Task<Guid?> WorkspaceAsync(string? idOrName)
    {
        if (idOrName is null) return null;
        var lookup = await Get<KeyVaultDb>().FindWorkspacesAsync([idOrName], Cancelled);
        return lookup.Found is [var id] ? id : throw Refusal.NotFound("workspace");
    }

    /// <summary>Prints the result to standard output: for people, or as JSON where that was asked for.</summary>
    public void Print<T>(T result, Func<T, IEnumerable<string>> forPeople)
    {
        if (Parsed.GetValue(VerbHost.Json))
        {
            Console.WriteLine(JsonSerializer.Serialize(result, Web.Json.Options));
            return;
        }

        foreach (var line in forPeople(result)) Console.WriteLine(line);
    }
}
