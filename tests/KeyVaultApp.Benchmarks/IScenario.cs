namespace KeyVaultApp.Benchmarks;

/// <summary>Something whose speed is promised. One file each; its name is the first argument.</summary>
internal interface IScenario
{
    string Name { get; }

    /// <returns>0 where every promise is kept.</returns>
    Task<int> RunAsync(string[] arguments);
}
