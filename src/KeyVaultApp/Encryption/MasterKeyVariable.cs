using System.Text;

namespace KeyVaultApp.Encryption;

/// <summary>The master key as base64 in an environment variable, whose name is <c>MasterKey:Variable</c>.</summary>
internal sealed class MasterKeyVariable(string variable) : IMasterKeySource
{
    public string Name => $"The environment variable {variable}";

    public MasterKey? Read() =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? MasterKey.Decode(Encoding.UTF8.GetBytes(value), Name) : null;

    public MasterKey Create() =>
        throw new MasterKeyException($"{Name} is not set. Give it 32 random bytes in base64, such as `openssl rand -base64 32` prints, and keep a copy: nothing opens without it.");
}
