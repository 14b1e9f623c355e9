using Microsoft.Extensions.DependencyInjection.Extensions;

namespace KeyVaultApp.Encryption;

public static class EncryptionModule
{
    /// <exception cref="Storage.ConfigurationException">A <c>MasterKey</c> setting cannot be used.</exception>
    public static IServiceCollection AddEncryption(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddSingleton(MasterKeySources.From(configuration))
            .AddSingleton<Keyring>()
            .AddSingleton<SealValues>()
            .AddSingleton<RevealValues>()
            .AddSingleton<Fingerprints>();
    }
}
