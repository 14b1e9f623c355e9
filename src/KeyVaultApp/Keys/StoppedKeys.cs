using KeyVaultApp.Domain;
using KeyVaultApp.Storage;

namespace KeyVaultApp.Keys;

public static class StoppedKeys
{
    /// <summary>Those that are disabled or expired while agents still use them, in any phase.</summary>
    public static IQueryable<KeyResource> StoppedInUse(this IQueryable<KeyResource> keys, KeyVaultDb db, ILegacyKeys legacy, DateTimeOffset now) => keys
        .Where(key => key.Status == KeyStatus.Disabled || key.ExpiresAt <= now)
        .Where(key => db.Agents.Any(agent => agent.SelectedTtsKeyId == key.Id || agent.SelectedSttKeyId == key.Id || agent.SelectedElevenlabsKeyId == key.Id)
            || legacy.Rows.Any(row =>
                row.TtsKeyRef == key.Id.ToString().ToLower() || row.SttKeyRef == key.Id.ToString().ToLower() || row.ElevenlabsKeyRef == key.Id.ToString().ToLower()));
}
