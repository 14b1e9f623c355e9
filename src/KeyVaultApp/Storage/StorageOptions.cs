namespace KeyVaultApp.Storage;

public enum StorageProvider
{
    Sqlite,
    PostgreSql,
    SqlServer,
}

/// <summary>Where the data is: <c>Storage:Provider</c>, <c>ConnectionStrings:KeyVault</c> and <c>DataDirectory</c>.</summary>
public sealed record StorageOptions(StorageProvider Provider, string ConnectionString, string DataDirectory)
{
    public const string DatabaseFile = "keyvault.db";
    public const string DataDirectoryKey = "DataDirectory";
    private const string ConnectionStringKey = "ConnectionStrings:KeyVault";

    /// <summary>Whether the app makes and migrates the database itself: the embedded default, a file of its own.</summary>
    public bool IsEmbedded => Provider == StorageProvider.Sqlite;

    public static StorageOptions From(IConfiguration configuration)
    {
        var dataDirectory = Path.GetFullPath(configuration[DataDirectoryKey] is { Length: > 0 } directory ? directory : "data");
        var provider = configuration["Storage:Provider"] ?? nameof(StorageProvider.Sqlite);
        if (!Enum.TryParse<StorageProvider>(provider, ignoreCase: true, out var parsed) || !Enum.IsDefined(parsed))
            throw new ConfigurationException("Storage:Provider", $"is '{provider}', which is none of {string.Join(", ", Enum.GetNames<StorageProvider>())}.");
        var connectionString = configuration[ConnectionStringKey];
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            connectionString = parsed == StorageProvider.Sqlite
                ? $"Data Source={Path.Combine(dataDirectory, DatabaseFile)}"
                : throw new ConfigurationException(ConnectionStringKey, $"is not set, and {parsed} needs one.");
        }

        return new StorageOptions(parsed, connectionString, dataDirectory);
    }
}

/// <summary>A setting that cannot be used. The message names the key; the app does not start.</summary>
public sealed class ConfigurationException(string key, string problem) : Exception($"The setting {key} {problem}")
{
    public string Key { get; } = key;
}
