using KeyVaultApp.Domain;
using KeyVaultApp.Encryption;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace KeyVaultApp.UnitTests.Encryption;

/// <summary>A folder with a migrated database, and as many app instances over it as a test asks for.</summary>
public sealed class Installation : IAsyncDisposable
{
    private readonly List<ServiceProvider> _instances = [];

    private Installation()
    {
    }

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public string Folder { get; } = Directory.CreateTempSubdirectory("keyvault-").FullName;

    public string MasterKeyPath => Path.Combine(Folder, "master.key");

    public static async Task<Installation> MigratedAsync()
    {
        var installation = new Installation();
        await installation.Instance().WithDbAsync(db => db.Database.MigrateAsync(Ct));
        return installation;
    }

    public static async Task<(Installation Installation, ServiceProvider App)> OpenAsync()
    {
        var installation = await MigratedAsync();
        var app = installation.Instance();
        await app.Get<Keyring>().CreateIfMissingAsync(Ct);
        await app.Get<Keyring>().OpenAsync(Ct);
        return (installation, app);
    }

    public ServiceProvider Instance(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("DataDirectory", Folder), .. settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))])
            .Build();
        var instance = new ServiceCollection().AddStorage(configuration).AddEncryption(configuration).BuildServiceProvider(validateScopes: true);
        _instances.Add(instance);
        return instance;
    }

    /// <summary>Every row that tells of keys, so that two moments can be compared.</summary>
    public Task<string[]> RowsAsync() => Instance().WithDbAsync(async db =>
    {
        var dataKeys = await db.DataKeys.AsNoTracking().OrderBy(k => k.Number).ToListAsync(Ct);
        var versions = await db.KeyVersions.AsNoTracking().OrderBy(v => v.KeyId).ThenBy(v => v.Number).ToListAsync(Ct);
        return (string[])
        [
            .. dataKeys.Select(k => $"{k.Number} {k.Purpose} {k.State} {k.MasterKeyId} {k.CreatedAt:O} {Convert.ToHexString(k.Wrapped)}"),
            .. versions.Select(v => $"{v.KeyId} {v.Number} {v.DataKeyNumber} {Convert.ToHexString(v.Sealed)}"),
        ];
    });

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in _instances) await instance.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}

internal static class Instances
{
    public static T Get<T>(this ServiceProvider instance) where T : notnull => instance.GetRequiredService<T>();

    public static async Task<T> WithDbAsync<T>(this ServiceProvider instance, Func<KeyVaultDb, Task<T>> use)
    {
        await using var scope = instance.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<KeyVaultDb>());
    }

    public static Task WithDbAsync(this ServiceProvider instance, Func<KeyVaultDb, Task> use) => instance.WithDbAsync(async db =>
    {
        await use(db);
        return true;
    });

    /// <summary>A KeyResource with one version that holds the value.</summary>
    public static async Task<Guid> AddKeyAsync(this ServiceProvider instance, string name, string value, bool open = false)
    {
        if (open) await instance.Get<Keyring>().OpenAsync(Installation.Ct);
        var now = DateTimeOffset.UnixEpoch;
        var key = new KeyResource(Guid.CreateVersion7(), KeyKind.Tts, name, now);
        var (bytes, dataKey) = await instance.Get<SealValues>().SealAsync(new Secret(value), key.Id, 1, key.Kind, Installation.Ct);
        key.Follow(
            new KeyVersion
            {
                KeyId = key.Id,
                Number = 1,
                Sealed = bytes,
                DataKeyNumber = dataKey,
                CreatedAt = now,
                CreatedBy = "test",
                Fingerprint = instance.Get<Fingerprints>().Of(key.Kind, new Secret(value)),
            },
            now);
        await instance.WithDbAsync(db =>
        {
            db.Keys.Add(key);
            return db.SaveChangesAsync(Installation.Ct);
        });
        return key.Id;
    }
}
