using System.Collections.Frozen;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Encryption;

/// <summary>
/// The data keys, unwrapped and in memory for as long as the process lives. Disposing does not clear them: a request that is
/// still running then would seal a value under zeros.
/// </summary>
public sealed partial class Keyring(IServiceScopeFactory scopes, IMasterKeySource source, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim _loading = new(1, 1);
    private volatile Ring? _ring;

    /// <summary>Loads and unwraps every data key; called again it looks for new ones. Writes nothing.</summary>
    /// <exception cref="MasterKeyException">There is no keyring, no master key, or not the one that wraps the keyring.</exception>
    public Task OpenAsync(CancellationToken ct) => LoadAsync(_ring, ct);

    /// <summary>The master key of the open keyring, for what is wrapped by it directly.</summary>
    internal MasterKey Master => (_ring ?? throw new InvalidOperationException("The keyring has not been opened.")).Master;

    public void Dispose() => _loading.Dispose();

    /// <returns>The data key, or null where the database has none of that number and purpose.</returns>
    internal async ValueTask<UnwrappedKey?> FindAsync(int number, DataKeyPurpose purpose, CancellationToken ct)
    {
        var ring = _ring;
        if (ring is null || !ring.Keys.ContainsKey(number)) ring = await LoadAsync(ring, ct);
        return ring.Keys.GetValueOrDefault(number) is { } key && key.Purpose == purpose ? key : null;
    }

    internal async ValueTask<UnwrappedKey> ActiveAsync(DataKeyPurpose purpose, CancellationToken ct) =>
        (_ring ?? await LoadAsync(null, ct)).Active(purpose);

    internal UnwrappedKey Active(DataKeyPurpose purpose) =>
        (_ring ?? throw new InvalidOperationException("The keyring has not been opened.")).Active(purpose);

    /// <param name="seen">What the caller has found wanting: when somebody else has loaded since, theirs will do.</param>
    private async Task<Ring> LoadAsync(Ring? seen, CancellationToken ct)
    {
        await _loading.WaitAsync(ct);
        try
        {
            if (_ring is { } newer && !ReferenceEquals(newer, seen)) return newer;
            await using var scope = scopes.CreateAsyncScope();
            var rows = await scope.ServiceProvider.GetRequiredService<KeyVaultDb>().DataKeys.AsNoTracking().OrderBy(key => key.Number).ToListAsync(ct);
            if (rows is []) throw new MasterKeyException("The database has no data keys yet: `db update` makes them.");
            var master = _ring?.Master ?? source.Read() ?? throw Missing(rows[0].MasterKeyId);
            return _ring = new Ring(master, rows.ToFrozenDictionary(row => row.Number, row => Unwrap(master, row)));
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <summary>A number stands for the same bytes for ever, so what is open stays open, whatever master key wraps it by now.</summary>
    private UnwrappedKey Unwrap(MasterKey master, DataKey row) =>
        _ring?.Keys.GetValueOrDefault(row.Number) is { } known ? known with { State = row.State } : master.Unwrap(row, source.Name);

    private MasterKeyException Missing(string wanted) =>
        new($"The data keys are wrapped by master key {wanted}, and there is none. {source.Name} is missing: bring it back from your copy, without it no value opens. Nothing was written.");

    private sealed record Ring(MasterKey Master, FrozenDictionary<int, UnwrappedKey> Keys)
    {
        public UnwrappedKey Active(DataKeyPurpose purpose) =>
            Keys.Values.Where(key => key.Purpose == purpose && key.State == DataKeyState.Active).MaxBy(key => key.Number)
            ?? throw new MasterKeyException($"The keyring has no active data key for {purpose}. Restore data_keys from a backup.");
    }
}

/// <summary>A data key as it can be used: 32 bytes, which printing does not show.</summary>
internal sealed record UnwrappedKey(int Number, DataKeyPurpose Purpose, DataKeyState State, byte[] Bytes);
