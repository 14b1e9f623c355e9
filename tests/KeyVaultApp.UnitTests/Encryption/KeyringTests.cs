using System.Security.Cryptography;
using KeyVaultApp.Domain;
using KeyVaultApp.Encryption;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KeyVaultApp.UnitTests.Encryption;

public sealed class KeyringTests
{
    [Fact]
    public async Task Many_at_the_same_time_make_one_keyring_and_one_master_key()
    {
        await using var installation = await Installation.MigratedAsync();
        var instances = Enumerable.Range(0, 8).Select(_ => installation.Instance()).ToList();
        using var start = new Barrier(instances.Count);

        await Task.WhenAll(instances.Select(instance => Task.Factory.StartNew(
            async () =>
            {
                start.SignalAndWait(Installation.Ct);
                await instance.Get<Keyring>().CreateIfMissingAsync(Installation.Ct);
                await instance.Get<Keyring>().OpenAsync(Installation.Ct);
            },
            Installation.Ct, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));

        Assert.Equal(2, (await installation.RowsAsync()).Length);
        var fingerprints = instances.Select(instance => instance.Get<Fingerprints>().Of(KeyKind.Tts, new Secret("same"))).Distinct();
        Assert.Single(fingerprints);
        var (bytes, _) = await instances[0].Get<SealValues>().SealAsync(new Secret("value"), Guid.Empty, 1, KeyKind.Tts, Installation.Ct);
        foreach (var instance in instances)
            Assert.Equal("value", (await instance.Get<RevealValues>().OpenAsync(bytes, Guid.Empty, 1, KeyKind.Tts, Installation.Ct)).Reveal());
    }

    [Fact]
    public async Task A_keyring_that_is_there_is_left_alone()
    {
        var (installation, app) = await Installation.OpenAsync();
        await using var _ = installation;
        var before = await installation.RowsAsync();

        await app.Get<Keyring>().CreateIfMissingAsync(Installation.Ct);

        Assert.Equal(before, await installation.RowsAsync());
    }

    [Fact]
    public async Task Without_a_keyring_nothing_opens_and_no_master_key_is_made()
    {
        await using var installation = await Installation.MigratedAsync();

        await Assert.ThrowsAsync<MasterKeyException>(() => installation.Instance().Get<Keyring>().OpenAsync(Installation.Ct));
        Assert.Throws<InvalidOperationException>(() => installation.Instance().Get<Fingerprints>().Of(KeyKind.Tts, new Secret("value")));

        Assert.False(File.Exists(installation.MasterKeyPath));
    }

    [Fact]
    public async Task Sealed_values_without_data_keys_get_no_new_keyring()
    {
        var (installation, app) = await Installation.OpenAsync();
        await using var _ = installation;
        await app.AddKeyAsync("orphan", "value-of-a-key-1234");
        await app.WithDbAsync(db => db.Database.ExecuteSqlRawAsync("PRAGMA foreign_keys = OFF; DELETE FROM data_keys; PRAGMA foreign_keys = ON", Installation.Ct));
        var before = await installation.RowsAsync();

        await Assert.ThrowsAsync<MasterKeyException>(() => installation.Instance().Get<Keyring>().CreateIfMissingAsync(Installation.Ct));

        Assert.Equal(before, await installation.RowsAsync());
    }

    [Fact]
    public async Task A_data_key_that_another_instance_made_is_loaded_when_it_is_met()
    {
        var (installation, first) = await Installation.OpenAsync();
        await using var _ = installation;
        await AddDataKeyAsync(installation, first, 3);
        var second = installation.Instance();

        var (bytes, number) = await second.Get<SealValues>().SealAsync(new Secret("value"), Guid.Empty, 1, KeyKind.Tts, Installation.Ct);
        Assert.Equal(3, number);

        Assert.Equal("value", (await first.Get<RevealValues>().OpenAsync(bytes, Guid.Empty, 1, KeyKind.Tts, Installation.Ct)).Reveal());
    }

    [Fact]
    public async Task A_data_key_wrapped_by_another_master_key_makes_a_value_unreadable_not_the_instance()
    {
        var (installation, app) = await Installation.OpenAsync();
        await using var _ = installation;
        var (bytes, _) = await app.Get<SealValues>().SealAsync(new Secret("value"), Guid.Empty, 1, KeyKind.Tts, Installation.Ct);
        await app.WithDbAsync(db =>
        {
            db.DataKeys.Add(new DataKey
            {
                Number = 3,
                Purpose = DataKeyPurpose.Values,
                Wrapped = new byte[60],
                MasterKeyId = "00000000",
                CreatedAt = DateTimeOffset.UnixEpoch,
            });
            return db.SaveChangesAsync(Installation.Ct);
        });
        var foreign = bytes.ToArray();
        foreign[5] = 3;

        var unreadable = await Assert.ThrowsAsync<UnreadableValueException>(
            () => app.Get<RevealValues>().OpenAsync(foreign, Guid.Empty, 1, KeyKind.Tts, Installation.Ct).AsTask());

        Assert.IsType<MasterKeyException>(unreadable.InnerException);
        Assert.Equal("value", (await app.Get<RevealValues>().OpenAsync(bytes, Guid.Empty, 1, KeyKind.Tts, Installation.Ct)).Reveal());
    }

    [Fact]
    public async Task A_data_key_that_still_seals_something_cannot_be_deleted()
    {
        var (installation, app) = await Installation.OpenAsync();
        await using var _ = installation;
        await app.AddKeyAsync("held", "value-of-a-key-1234");

        Task<int> Delete(int number) => app.WithDbAsync(db => db.DataKeys.Where(key => key.Number == number).ExecuteDeleteAsync(Installation.Ct));

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => Delete(1));
        Assert.Equal(1, await Delete(2));
    }

    [Fact]
    public async Task Status_tells_what_each_data_key_seals()
    {
        var (installation, app) = await Installation.OpenAsync();
        await using var _ = installation;
        await app.AddKeyAsync("one", "value-of-a-key-1234");
        await app.AddKeyAsync("two", "value-of-a-key-5678");

        var status = await app.Get<Keyring>().StatusAsync(Installation.Ct);

        Assert.Matches("^[0-9a-f]{8}$", status.MasterKeyId);
        Assert.Contains(installation.MasterKeyPath, status.Source);
        Assert.Equal(
            [(1, DataKeyPurpose.Values, DataKeyState.Active, 2L), (2, DataKeyPurpose.Fingerprints, DataKeyState.Active, 0L)],
            status.DataKeys.Select(key => (key.Number, key.Purpose, key.State, key.Versions)));
    }

    [Fact]
    public async Task Verification_counts_across_pages_and_lists_what_does_not_open()
    {
        const int Count = 1101;
        var (installation, app) = await Installation.OpenAsync();
        await using var _ = installation;
        var first = await app.AddKeyAsync("key with many versions", "value-of-a-key-1234");
        await app.AddKeyAsync("a key apart", "value-of-a-key-5678");
        await app.WithDbAsync(async db =>
        {
            var model = await db.KeyVersions.AsNoTracking().SingleAsync(version => version.KeyId == first, Installation.Ct);
            for (var number = 2; number < Count; number++)
            {
                var (bytes, dataKey) = await app.Get<SealValues>().SealAsync(new Secret("value"), first, number, KeyKind.Tts, Installation.Ct);
                db.KeyVersions.Add(new KeyVersion
                {
                    KeyId = first,
                    Number = number,
                    Sealed = bytes,
                    DataKeyNumber = dataKey,
                    Fingerprint = model.Fingerprint,
                    CreatedAt = model.CreatedAt,
                    CreatedBy = model.CreatedBy,
                });
            }

            await db.SaveChangesAsync(Installation.Ct);
        });

        var clean = await app.Get<Keyring>().VerifyAsync(Installation.Ct);
        Assert.Equal((Count, 0), (clean.Readable, clean.Unreadable.Count));

        await app.WithDbAsync(db => db.Database.ExecuteSqlRawAsync("UPDATE api_key_versions SET sealed = x'0102' WHERE number IN (500, 501, 1000)", Installation.Ct));
        var damaged = await app.Get<Keyring>().VerifyAsync(Installation.Ct);
        Assert.Equal(Count - 3, damaged.Readable);
        Assert.Equal(
            [(first, 500, "key with many versions"), (first, 501, "key with many versions"), (first, 1000, "key with many versions")],
            damaged.Unreadable.Select(version => (version.KeyId, version.Version, version.KeyName)));
    }

    private static async Task AddDataKeyAsync(Installation installation, ServiceProvider app, int number)
    {
        using var master = MasterKey.Decode(await File.ReadAllBytesAsync(installation.MasterKeyPath, Installation.Ct), "The file");
        await app.WithDbAsync(db =>
        {
            db.DataKeys.Add(new DataKey
            {
                Number = number,
                Purpose = DataKeyPurpose.Values,
                Wrapped = master.Wrap(number, DataKeyPurpose.Values, RandomNumberGenerator.GetBytes(32)),
                MasterKeyId = master.Id,
                CreatedAt = DateTimeOffset.UnixEpoch,
            });
            return db.SaveChangesAsync(Installation.Ct);
        });
    }
}
