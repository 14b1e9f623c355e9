using KeyVaultApp.Domain;
using KeyVaultApp.Encryption;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Cli;

/// <summary>The database is not as this version needs it, and it is not ours to change it unasked.</summary>
public sealed class InstallationException(string message) : Exception(message);

/// <summary>Brings an installation to where work can begin, or says what is in the way. Nothing is written before the master key fits.</summary>
internal static class Installation
{
    public static async Task PrepareAsync(IServiceProvider services, Needs needs, CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        var embedded = scope.ServiceProvider.GetRequiredService<StorageOptions>().IsEmbedded;
        if (needs == Needs.Settings && !embedded) return;

        var schema = scope.ServiceProvider.GetRequiredService<Schema>();
        var keyring = scope.ServiceProvider.GetRequiredService<Keyring>();
        if (embedded)
        {
            // A database that has a keyring is only touched by whoever can open it; one without must at least not get a broken key.
            await keyring.CheckAsync(ct);
            await schema.UpdateAsync(ct);
        }
        else
        {
            await RequireCurrentAsync(schema, ct);
        }

        await RefuseUnreadColumnsAsync(scope.ServiceProvider, ct);
        if (embedded) await keyring.CreateIfMissingAsync(ct);
        await keyring.OpenAsync(ct);
    }

    private static async Task RequireCurrentAsync(Schema schema, CancellationToken ct)
    {
        var status = await schema.StatusAsync(ct);
        if (!status.Reachable) throw new InstallationException($"The {status.Provider} database cannot be reached. Check ConnectionStrings:KeyVault.");
        if (status.Pending.Count > 0)
            throw new InstallationException($"The database lacks {status.Pending.Count} migrations, {status.Pending[0]} first. Run: db update (or the script that db script prints).");
    }

    /// <summary>Without LegacyKeys/ agents that still live on their old columns would have no keys, and nobody would see why.</summary>
    private static async Task RefuseUnreadColumnsAsync(IServiceProvider services, CancellationToken ct)
    {
        if (services.GetRequiredService<ILegacyKeys>().Exist) return;
        var state = await services.GetRequiredService<KeyVaultDb>().Rollout.Select(rollout => rollout.LegacyColumns).SingleAsync(ct);
        if (state != LegacyColumns.Absent)
            throw new InstallationException(
                $"The database still has the old key columns (legacy_columns is {Fields.WordOf(state)}), and this build comes without LegacyKeys, which reads them. "
                + "Go on with the build that has it, bring the rollout to references_only, and run there: legacy drop. Then this one starts.");
    }
}
