using KeyVaultApp.Storage;

namespace KeyVaultApp.Cli;

/// <summary>A file that is there as a whole or not at all, readable by its owner alone.</summary>
internal static class NewFile
{
    public static async Task WriteAsync(string path, Func<Stream, Task> write)
    {
        // In the same folder, so that it takes its name in one step.
        var temporary = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}");
        try
        {
            await using (var file = DataFolder.Open(temporary, FileMode.CreateNew))
            {
                await write(file);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
