using System.Reflection;

namespace KeyVaultApp.IntegrationTests.Harness;

/// <summary>Where things stand in the working copy that these tests were built in.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>
    /// What <c>KEYVAULT_TEST_APP</c> names, as tests/run.sh publishes it; else the app's own build, beside its settings and
    /// wwwroot, not the copy in the tests' output.
    /// </summary>
    public static string AppFile { get; } =
        Environment.GetEnvironmentVariable("KEYVAULT_TEST_APP") is { Length: > 0 } published ? published : Path.Combine(Root, "src", "KeyVaultApp", "bin", Configuration, "KeyVaultApp.dll");

    private static string Configuration => typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == nameof(Configuration)).Value!;

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "KeyVaultApp.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("KeyVaultApp.sln is in no folder above the tests.");
        return folder.FullName;
    }
}
