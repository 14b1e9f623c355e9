using KeyVaultApp.Domain;
using KeyVaultApp.Encryption;

namespace KeyVaultApp.Keys;

/// <summary>Seals a value into a version of its key.</summary>
public sealed class NewVersions(SealValues seal, Fingerprints fingerprints, TimeProvider clock)
{
    public async Task<KeyVersion> SealAsync(KeyResource key, int number, Secret value, string? region, Actor actor, CancellationToken ct)
    {
        var sealedValue = await seal.SealAsync(value, key.Id, number, key.Kind, ct);
        return new KeyVersion
        {
            KeyId = key.Id,
            Number = number,
            Sealed = sealedValue.Bytes,
            DataKeyNumber = sealedValue.DataKeyNumber,
            Fingerprint = fingerprints.Of(key.Kind, value),
            Last4 = value.Last4,
            Provider = key.Provider,
            Region = region,
            CreatedAt = clock.GetUtcNow(),
            CreatedBy = actor.Name,
        };
    }
}
