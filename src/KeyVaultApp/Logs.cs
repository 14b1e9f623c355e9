using KeyVaultApp.Cli;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Serilog;
using Serilog.Events;
using Serilog.Filters;

namespace KeyVaultApp;

internal static class Logs
{
    private const int DaysKept = 31;

    /// <summary>Console (standard error: results of verbs own standard output) and a file a day beside the data.</summary>
    public static void AddLogs(this WebApplicationBuilder builder)
    {
        var folder = Path.Combine(StorageOptions.From(builder.Configuration).DataDirectory, "logs");
        try
        {
            DataFolder.Make(Path.GetDirectoryName(folder)!);
            DataFolder.Make(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(StorageOptions.DataDirectoryKey, $"names a folder that cannot be made or written: {folder}. {exception.Message}");
        }

        var logger = new LoggerConfiguration()
            .ReadFrom.Configuration(builder.Configuration)
            .Destructure.AsScalar<Secret>()
            // The framework's own request log carries query strings, whatever level is asked for; Web/RequestLog does not.
            .Filter.ByExcluding(Matching.FromSource("Microsoft.AspNetCore.Hosting.Diagnostics"))
            // The verb says it in one line; the server and its host would each add a stack trace.
            .Filter.ByExcluding(entry => ListenAddresses.IsRefused(entry.Exception) && Matching.FromSource("Microsoft")(entry))
            .WriteTo.Console(standardErrorFromLevel: LogEventLevel.Verbose)
            .WriteTo.File(Path.Combine(folder, "keyvault-.log"), rollingInterval: RollingInterval.Day, retainedFileCountLimit: DaysKept, shared: true)
            .CreateLogger();
        builder.Logging.ClearProviders().AddSerilog(logger, dispose: true);
    }
}
