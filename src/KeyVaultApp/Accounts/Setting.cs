using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;

namespace KeyVaultApp.Accounts;

public enum SettingOrigin
{
    Default,
    File,
    Environment,
    CommandLine,
}

/// <param name="Shown">Its value, or null where that may hold a secret.</param>
/// <param name="Variable">The name that sets it in the environment.</param>
public sealed record Setting(string Name, string? Shown, SettingOrigin Origin, string Variable)
{
    /// <summary>The last source that names a setting is the one that counts.</summary>
    public static Setting Of(IConfiguration configuration, string name, string? shown)
    {
        var source = (configuration as IConfigurationRoot)?.Providers.LastOrDefault(provider => provider.TryGet(name, out _));
        return new Setting(name, shown, source switch
        {
            null => SettingOrigin.Default,
            EnvironmentVariablesConfigurationProvider => SettingOrigin.Environment,
            CommandLineConfigurationProvider => SettingOrigin.CommandLine,
            _ => SettingOrigin.File,
        }, name.Replace(":", "__"));
    }
}
