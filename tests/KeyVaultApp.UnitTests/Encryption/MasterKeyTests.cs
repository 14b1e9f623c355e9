using KeyVaultApp.Encryption;
using KeyVaultApp.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace KeyVaultApp.UnitTests.Encryption;

public sealed class MasterKeyTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly string AnotherKey = Convert.ToBase64String(new byte[32]);

    [Fact]
    public async Task The_file_is_made_for_its_owner_only_and_holds_one_line()
    {
        var (installation, _) = await Installation.OpenAsync();
        await using var __ = installation;

        var text = await File.ReadAllTextAsync(installation.MasterKeyPath, Installation.Ct);

        Assert.Equal(32, Convert.FromBase64String(text).Length);
        Assert.EndsWith("=\n", text);
        Assert.False(File.Exists(installation.MasterKeyPath + ".new"));
        if (!OperatingSystem.IsWindows()) Assert.Equal(OwnerOnly, File.GetUnixFileMode(installation.MasterKeyPath));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead, "640")]
    [InlineData(UnixFileMode.OtherRead, "604")]
    [InlineData(UnixFileMode.GroupWrite, "620")]
    public async Task A_file_that_others_may_read_is_refused_with_the_command_to_run(UnixFileMode extra, string mode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        var (installation, _) = await Installation.OpenAsync();
        await using var __ = installation;
        SetMode(installation.MasterKeyPath, OwnerOnly | extra);

        var refused = await Assert.ThrowsAsync<MasterKeyException>(() => installation.Instance().Get<Keyring>().OpenAsync(Installation.Ct));

        Assert.Contains($"mode {mode}", refused.Message);
        Assert.Contains($"chmod 600 '{installation.MasterKeyPath}'", refused.Message);
        SetMode(installation.MasterKeyPath, OwnerOnly);
        await installation.Instance().Get<Keyring>().OpenAsync(Installation.Ct);
    }

    [Fact]
    public async Task A_missing_file_is_never_made_anew_once_there_are_data_keys()
    {
        var (installation, app) = await Installation.OpenAsync();
        await using var _ = installation;
        var id = (await app.Get<Keyring>().StatusAsync(Installation.Ct)).MasterKeyId;
        File.Delete(installation.MasterKeyPath);
        var keyring = installation.Instance().Get<Keyring>();

        await keyring.CreateIfMissingAsync(Installation.Ct);
        var missing = await Assert.ThrowsAsync<MasterKeyException>(() => keyring.OpenAsync(Installation.Ct));

        Assert.False(File.Exists(installation.MasterKeyPath));
        Assert.Contains(id, missing.Message);
        Assert.Contains(installation.MasterKeyPath, missing.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64 at all")]
    [InlineData("AAECAwQFBgcICQoLDA0ODw==")]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g")]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8= AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")]
    public async Task A_malformed_file_is_named_without_being_quoted(string text)
    {
        await using var installation = await Installation.MigratedAsync();
        await WriteAsync(installation.MasterKeyPath, text);
        var keyring = installation.Instance().Get<Keyring>();

        var malformed = await Assert.ThrowsAsync<MasterKeyException>(() => keyring.CreateIfMissingAsync(Installation.Ct));

        Assert.Contains(installation.MasterKeyPath, malformed.Message);
        if (text.Length > 0) Assert.DoesNotContain(text, malformed.ToString());
        Assert.Empty(await installation.RowsAsync());
        Assert.Equal(text, await File.ReadAllTextAsync(installation.MasterKeyPath, Installation.Ct));
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("{0}\r\n")]
    [InlineData("  {0}\n\n")]
    public async Task White_space_around_the_line_does_not_matter(string format)
    {
        await using var installation = await Installation.MigratedAsync();
        await WriteAsync(installation.MasterKeyPath, format.Replace("{0}", AnotherKey));

        await installation.Instance().Get<Keyring>().CreateIfMissingAsync(Installation.Ct);

        Assert.Equal(2, (await installation.RowsAsync()).Length);
    }

    [Fact]
    public async Task Another_master_key_fails_closed_and_writes_nothing()
    {
        var (installation, app) = await Installation.OpenAsync();
        await using var _ = installation;
        await app.AddKeyAsync("one", "value-of-a-key-1234");
        var wanted = (await app.Get<Keyring>().StatusAsync(Installation.Ct)).MasterKeyId;
        var right = await File.ReadAllTextAsync(installation.MasterKeyPath, Installation.Ct);
        var before = await installation.RowsAsync();
        await WriteAsync(installation.MasterKeyPath, AnotherKey);
        var keyring = installation.Instance().Get<Keyring>();

        await keyring.CreateIfMissingAsync(Installation.Ct);
        var wrong = await Assert.ThrowsAsync<MasterKeyException>(() => keyring.OpenAsync(Installation.Ct));

        Assert.Contains($"wrapped by master key {wanted}", wrong.Message);
        Assert.Matches($"holds master key (?!{wanted})[0-9a-f]{{8}}", wrong.Message);
        Assert.Equal(before, await installation.RowsAsync());
        Assert.Equal(AnotherKey, await File.ReadAllTextAsync(installation.MasterKeyPath, Installation.Ct));

        // The comparison would see a write, and the right key still opens.
        await WriteAsync(installation.MasterKeyPath, right);
        var restored = installation.Instance();
        await restored.AddKeyAsync("two", "value-of-a-key-5678", open: true);
        Assert.NotEqual(before, await installation.RowsAsync());
    }

    [Fact]
    public async Task A_changed_data_key_row_does_not_unwrap()
    {
        var (installation, app) = await Installation.OpenAsync();
        await using var _ = installation;
        await app.WithDbAsync(async db =>
        {
            var row = db.DataKeys.Single(key => key.Number == 1);
            row.Wrapped = [.. row.Wrapped[..^1], (byte)(row.Wrapped[^1] ^ 1)];
            await db.SaveChangesAsync(Installation.Ct);
        });

        var changed = await Assert.ThrowsAsync<MasterKeyException>(() => installation.Instance().Get<Keyring>().OpenAsync(Installation.Ct));

        Assert.Contains("Data key 1", changed.Message);
    }

    [Fact]
    public async Task The_environment_can_hold_it_and_no_file_is_made()
    {
        const string Variable = "KEYVAULT_TEST_MASTER_KEY";
        await using var installation = await Installation.MigratedAsync();
        (string, string)[] settings = [("MasterKey:Source", "environment"), ("MasterKey:Variable", Variable)];

        var unset = await Assert.ThrowsAsync<MasterKeyException>(() => installation.Instance(settings).Get<Keyring>().CreateIfMissingAsync(Installation.Ct));
        Assert.Contains(Variable, unset.Message);
        Assert.Empty(await installation.RowsAsync());

        Environment.SetEnvironmentVariable(Variable, AnotherKey);
        var app = installation.Instance(settings);
        await app.Get<Keyring>().CreateIfMissingAsync(Installation.Ct);
        await app.Get<Keyring>().OpenAsync(Installation.Ct);

        Assert.False(File.Exists(installation.MasterKeyPath));
        Assert.Contains(Variable, (await app.Get<Keyring>().StatusAsync(Installation.Ct)).Source);
    }

    [Theory]
    [InlineData("Certificate")]
    [InlineData("command")]
    [InlineData("Vault")]
    public void A_source_that_does_not_work_is_refused_by_name(string source)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("MasterKey:Source", source)]).Build();

        var refused = Assert.Throws<ConfigurationException>(() => new ServiceCollection().AddEncryption(configuration));

        Assert.Equal("MasterKey:Source", refused.Key);
        Assert.Contains("File and Environment", refused.Message);
    }

    private static async Task WriteAsync(string path, string text)
    {
        await File.WriteAllTextAsync(path, text, Installation.Ct);
        SetMode(path, OwnerOnly);
    }

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, mode);
    }
}
