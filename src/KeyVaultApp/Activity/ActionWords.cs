namespace KeyVaultApp.Activity;

public static class ActionWords
{
    /// <summary>A stored word as people read it: <c>key_replaced</c> is "key replaced".</summary>
    public static string Of(string action) => action.Replace('_', ' ');
}
