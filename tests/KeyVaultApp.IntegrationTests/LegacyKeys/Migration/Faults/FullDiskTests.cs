using System.Diagnostics;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.LegacyKeys.Migration.Faults;

/// <summary>A disk that is full: the batch is rolled back, the run fails and says so, and goes on once there is room.</summary>
public sealed class FullDiskTests
{
    private const int LeftInKilobytes = 400;

    [Fact]
    public async Task Run_fails_in_words_of_ours_and_can_be_resumed()
    {
        using var disk = SmallDisk.Make();
        await using var fleet = await MovedFleet.CreateAsync(Databases.Sqlite, 3000, 100, app => disk.Hold(Path.Combine(app.DataDirectory, "keyvault.db")));
        // What was written so far goes into its place, and its log starts anew.
        await fleet.App.StopAsync();
        disk.FillBut(LeftInKilobytes);
        await fleet.App.ServeAsync();

        var failed = await fleet.Admin.EndOfAsync(await fleet.Admin.StartRunAsync(fleet.Plan));

        Assert.Equal("failed", failed.Text("state"));
        Assert.Contains("no room left", failed.Text("error"), StringComparison.Ordinal);
        Assert.InRange(failed.Number("done"), 0, fleet.Slots - 1);
        disk.Empty();
        await fleet.Admin.DoAsync(failed.Id(), "resume");
        var ended = await fleet.Admin.EndOfAsync(failed.Id());
        Assert.Equal(("completed", fleet.Slots), (ended.Text("state"), ended.Number("linked")));
    }

    /// <summary>A file system in memory, small enough to be filled.</summary>
    private sealed class SmallDisk : IDisposable
    {
        private const int Megabytes = 48;
        private const long LargestShared = 512L * 1024 * 1024;
        private const string Shared = "/dev/shm";

        private readonly bool _isMounted;

        private SmallDisk(string folder, bool isMounted) => (Folder, _isMounted) = (folder, isMounted);

        public string Folder { get; }

        private string Filler => Path.Combine(Folder, "filler");

        /// <summary>Root mounts one; where that is not allowed, as in most containers, these have a small one of their own.</summary>
        public static SmallDisk Make()
        {
            var folder = Directory.CreateTempSubdirectory("keyvault-disk-").FullName;
            if (Run("mount", "-t", "tmpfs", "-o", $"size={Megabytes}m", "tmpfs", folder)) return new SmallDisk(folder, isMounted: true);
            Directory.Delete(folder);
            Assert.SkipUnless(Directory.Exists(Shared) && new DriveInfo(Shared).TotalSize <= LargestShared, "No small disk can be had: neither may one be mounted, nor is /dev/shm small.");
            return new SmallDisk(Directory.CreateDirectory(Path.Combine(Shared, Path.GetRandomFileName())).FullName, isMounted: false);
        }

        /// <summary>What is written to this file lands on the disk.</summary>
        public void Hold(string file)
        {
            var there = Path.Combine(Folder, Path.GetFileName(file));
            File.WriteAllBytes(there, []);
            File.CreateSymbolicLink(file, there);
        }

        public void FillBut(int kilobytes)
        {
            var left = new DriveInfo(Folder).AvailableFreeSpace - (kilobytes * 1024L);
            using var filler = File.Create(Filler);
            var block = new byte[64 * 1024];
            for (; left > 0; left -= block.Length) filler.Write(block, 0, (int)Math.Min(left, block.Length));
        }

        public void Empty() => File.Delete(Filler);

        public void Dispose()
        {
            if (_isMounted) Assert.True(Run("umount", "-l", Folder), "The disk could not be unmounted.");
            Directory.Delete(Folder, recursive: true);
        }

        private static bool Run(string program, params string[] arguments)
        {
            try
            {
                using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
                process.WaitForExit();
                return process.ExitCode == 0;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return false;
            }
        }
    }
}
