using KeyVaultApp.Encryption;
using KeyVaultApp.Keys;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.KeyTesting;

/// <summary>The current value of a key, opened to be tested, or handed on.</summary>
/// <param name="Candidate">Null where the value does not open.</param>
public sealed record StoredValue(Guid Id, string Name, int Version, KeyCandidate? Candidate);

/// <summary>Opens current values. Keys that are not there are left out.</summary>
public sealed class StoredValues(KeyVaultDb db, RevealValues reveal)
{
    public async Task<IReadOnlyDictionary<Guid, StoredValue>> OpenAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        var rows = await (
            from key in db.Keys
            where ids.Contains(key.Id)
            join version in db.KeyVersions on new { Key = key.Id, Number = key.CurrentVersion } equals new { Key = version.KeyId, version.Number }
            select new { key.Id, key.Name, key.Kind, key.Provider, key.Region, version.Number, version.Sealed }).AsNoTracking().ToListAsync(ct);
        var values = new Dictionary<Guid, StoredValue>();
        foreach (var row in rows)
        {
            try
            {
                var value = await reveal.OpenAsync(row.Sealed, row.Id, row.Number, row.Kind, ct);
                values[row.Id] = new StoredValue(row.Id, row.Name, row.Number, new KeyCandidate(row.Kind, row.Provider, row.Region, value));
            }
            catch (UnreadableValueException)
            {
                values[row.Id] = new StoredValue(row.Id, row.Name, row.Number, Candidate: null);
            }
        }

        return values;
    }
}
