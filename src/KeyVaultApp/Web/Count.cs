namespace KeyVaultApp.Web;

public static class Count
{
    /// <summary>"1 agent", "2 agents".</summary>
    public static string Of(int number, string one, string? many = null) => $"{number:N0} {(number == 1 ? one : many ?? $"{one}s")}";
}
