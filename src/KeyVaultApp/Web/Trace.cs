namespace KeyVaultApp.Web;

public static class Trace
{
    /// <summary>The id that a problem detail, a log line and an activity entry of one request have in common.</summary>
    public static string? Id => System.Diagnostics.Activity.Current?.TraceId.ToString();
}
