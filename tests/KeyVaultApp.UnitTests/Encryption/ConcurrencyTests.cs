using System.Security.Cryptography;
using KeyVaultApp.Domain;
using KeyVaultApp.Encryption;

namespace KeyVaultApp.UnitTests.Encryption;

public sealed class ConcurrencyTests
{
    private const int Threads = 8;
    private const int Rounds = 200_000;

    [Fact]
    public async Task Eight_threads_seal_and_open_without_a_single_error()
    {
        var (installation, app) = await Installation.OpenAsync();
        await using var _ = installation;
        var seal = app.Get<SealValues>();
        var reveal = app.Get<RevealValues>();
        var keyId = Guid.CreateVersion7();

        var errors = await OnThreads(Rounds, (thread, round) =>
        {
            var value = $"value of thread {thread} in round {round}";
            var bytes = seal.SealAsync(new Secret(value), keyId, round, KeyKind.Stt, default).GetAwaiter().GetResult().Bytes;
            return reveal.OpenAsync(bytes, keyId, round, KeyKind.Stt, default).AsTask().GetAwaiter().GetResult().Reveal() == value;
        });

        Assert.Equal(0, errors);
    }

    /// <summary>What the test above would see if Gcm kept one instance: on Linux, not every platform, it goes wrong.</summary>
    [Fact]
    public async Task One_shared_instance_is_caught()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other platforms guard their instances themselves.");
        using var shared = new AesGcm(new byte[Gcm.KeyBytes], 16);

        var errors = await OnThreads(20_000, (thread, round) =>
        {
            var plaintext = BitConverter.GetBytes((long)thread << 32 | (long)round);
            var (nonce, tag, ciphertext, opened) = (RandomNumberGenerator.GetBytes(12), new byte[16], new byte[8], new byte[8]);
            shared.Encrypt(nonce, plaintext, ciphertext, tag);
            shared.Decrypt(nonce, ciphertext, tag, opened);
            return opened.AsSpan().SequenceEqual(plaintext);
        });

        Assert.NotEqual(0, errors);
    }

    [Fact]
    public async Task One_wrong_tag_among_all_is_caught()
    {
        var (installation, app) = await Installation.OpenAsync();
        await using var _ = installation;
        var keyId = Guid.CreateVersion7();

        var errors = await OnThreads(1000, (thread, round) =>
        {
            var bytes = app.Get<SealValues>().SealAsync(new Secret("value"), keyId, 1, KeyKind.Stt, default).GetAwaiter().GetResult().Bytes;
            if ((thread, round) == (3, 500)) bytes[^1] ^= 1;
            return app.Get<RevealValues>().OpenAsync(bytes, keyId, 1, KeyKind.Stt, default).AsTask().GetAwaiter().GetResult().Reveal() == "value";
        });

        Assert.Equal(1, errors);
    }

    private static async Task<int> OnThreads(int rounds, Func<int, int, bool> right)
    {
        var errors = 0;
        var threads = Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                for (var round = 0; round < rounds; round++)
                {
                    try
                    {
                        if (!right(thread, round)) Interlocked.Increment(ref errors);
                    }
                    catch (Exception e) when (e is CryptographicException or UnreadableValueException)
                    {
                        Interlocked.Increment(ref errors);
                    }
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        await Task.WhenAll(threads);
        return errors;
    }
}
