using System.Security.Cryptography;
using System.Text;
using KeyVaultApp.Storage;

namespace KeyVaultApp.Encryption;

/// <summary>The master key as one line of base64 in a file that only its owner reads: <c>MasterKey:Path</c>.</summary>
internal sealed class MasterKeyFile(string path) : IMasterKeySource
{
    private const int LongestLine = 256;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private readonly string _path = Path.GetFullPath(path);

    public string Name => $"The file {_path}";

    public MasterKey? Read()
    {
        try
        {
            using var file = File.OpenHandle(_path);
            if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(file) is var mode && (mode & Others) != UnixFileMode.None)
                throw new MasterKeyException($"{Name} is open to more than its owner (mode {Convert.ToString((int)mode, 8)}). Run: chmod 600 '{_path}'");
            var line = new byte[LongestLine];
            var master = MasterKey.Decode(line.AsSpan(0, RandomAccess.Read(file, line, 0)), Name);
            CryptographicOperations.ZeroMemory(line);
            return master;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MasterKeyException($"{Name} cannot be read: {e.Message}");
        }
    }

    /// <summary>Writes beside the file and renames, so that whoever dies here leaves no half of a key behind.</summary>
    public MasterKey Create()
    {
        var unfinished = _path + ".new";
        var line = Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(Gcm.KeyBytes)) + "\n");
        try
        {
            DataFolder.Make(Path.GetDirectoryName(_path)!);
            File.Delete(unfinished);
            using (var file = DataFolder.Open(unfinished, FileMode.CreateNew))
            {
                file.Write(line);
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, _path);
            return MasterKey.Decode(line, Name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MasterKeyException($"{Name} cannot be made: {e.Message}");
        }
    }
}
