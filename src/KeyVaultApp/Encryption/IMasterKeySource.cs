using KeyVaultApp.Storage;

namespace KeyVaultApp.Encryption;

/// <summary>Where the master key is kept: one file a source, chosen by <c>MasterKey:Source</c>.</summary>
public interface IMasterKeySource
{
    /// <summary>As messages call it, at the start of a sentence: <c>The file /srv/keyvault/master.key</c>.</summary>
    string Name { get; }

    /// <returns>The master key, or null where there is none.</returns>
    /// <exception cref="MasterKeyException">There is one that cannot be used.</exception>
    MasterKey? Read();

    /// <summary>Makes a master key where there is none.</summary>
    /// <exception cref="MasterKeyException">This source cannot keep one: a person has to bring it.</exception>
    MasterKey Create();
}

internal static class MasterKeySources
{
    private const string SourceKey = "MasterKey:Source";

    public static IMasterKeySource From(IConfiguration configuration)
    {
        string Setting(string key, string fallback) => configuration[key] is { Length: > 0 } value ? value : fallback;
        var source = Setting(SourceKey, "File");
        return source.ToUpperInvariant() switch
        {
            "FILE" => new MasterKeyFile(Setting("MasterKey:Path", Path.Combine(StorageOptions.From(configuration).DataDirectory, "master.key"))),
            "ENVIRONMENT" => new MasterKeyVariable(Setting("MasterKey:Variable", "KEYVAULT_MASTER_KEY")),
            "CERTIFICATE" or "COMMAND" => throw new ConfigurationException(SourceKey, $"is '{source}', which does not work yet. File and Environment do."),
            _ => throw new ConfigurationException(SourceKey, $"is '{source}', which is no source of a master key. File and Environment are."),
        };
    }
}
