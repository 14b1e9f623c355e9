using System.CommandLine;
using System.CommandLine.Invocation;
using System.Text.RegularExpressions;
using KeyVaultApp.Web;

namespace KeyVaultApp.Cli;

/// <summary>What follows the name of the program: settings go to the configuration, the rest names a verb. Without one it serves.</summary>
public sealed partial class CommandLine
{
    /// <summary>Whoever is asked to end finishes what it is at, which for a run may be a look at every agent. Sooner than that: kill -9.</summary>
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromMinutes(10);

    private readonly ParseResult _parsed;

    /// <param name="build">Makes the app from the settings among the arguments.</param>
    public CommandLine(string[] args, Func<string[], WebApplication> build, IEnumerable<IVerb> verbs)
    {
        var settings = args.Where(arg => Setting().IsMatch(arg)).ToArray();
        var root = new RootCommand("Keys that are managed, encrypted and assigned centrally. Without a verb it serves.");
        var host = new VerbHost(() => build(settings));
        foreach (var verb in verbs)
            verb.AddTo(root, host);
        _parsed = root.Parse([.. args.Where(arg => !Setting().IsMatch(arg))]);
    }

    public async Task<int> RunAsync()
    {
        if (_parsed.Action is not ParseErrorAction)
            return await _parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = LongestFarewell });
        foreach (var error in _parsed.Errors) await Console.Error.WriteLineAsync(error.Message);
        await Console.Error.WriteLineAsync("--help tells what can be said here.");
        return ExitCode.WrongUsage;
    }

    [GeneratedRegex("^--([A-Za-z0-9]+(:[A-Za-z0-9-]+)+|DataDirectory)=", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Setting();
}

/// <summary>One verb, or a family of them, with its options.</summary>
public interface IVerb
{
    void AddTo(RootCommand root, VerbHost host);
}

internal static class Families
{
    /// <summary>The command that verbs about the same thing stand under, whoever asks for it first.</summary>
    public static Command Family(this RootCommand root, string name, string description)
    {
        if (root.Subcommands.FirstOrDefault(command => command.Name == name) is { } there) return there;
        var family = new Command(name, description);
        root.Subcommands.Add(family);
        return family;
    }
}

public static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;

    /// <summary>A precondition does not hold.</summary>
    public const int Refused = 3;
}

/// <summary>What was said cannot be done so: exit code 2.</summary>
public sealed class UsageException(string message) : Exception(message)
{
    /// <summary>Runs a slice whose form was said on the command line: what it finds invalid is wrong usage.</summary>
    /// <param name="slice">On its way.</param>
    public static async Task<T> OfAsync<T>(Task<T> slice)
    {
        await OfAsync((Task)slice);
        return await slice;
    }

    /// <inheritdoc cref="OfAsync{T}"/>
    public static async Task OfAsync(Task slice)
    {
        try
        {
            await slice;
        }
        catch (Refusal refusal) when (refusal.Kind == RefusalKind.Invalid)
        {
            throw new UsageException(refusal.Message);
        }
    }
}
