namespace KeyVaultApp.IntegrationTests.Harness;

/// <summary>What no other test has, so that tests can share an installation.</summary>
public static class Fresh
{
    public static string Name(string what) => $"{what} {Guid.NewGuid():N}";

    /// <summary>Long enough for its last four characters to be shown.</summary>
    public static string Value() => $"sk-{Guid.NewGuid():N}";
}
