using KeyVaultApp.Domain;

namespace KeyVaultApp.Agents;

/// <summary>Why a slot is broken and what to do, in words.</summary>
public static class BrokenReasons
{
    public static string What(UnavailableReason reason) => reason switch
    {
        UnavailableReason.Deleted => "deleted",
        UnavailableReason.WrongKind => "another kind of key",
        UnavailableReason.Disabled => "disabled",
        UnavailableReason.Expired => "expired",
        UnavailableReason.NotAssigned => "not assigned here",
        _ => "does not open",
    };

    /// <param name="mayManageKeys">Whether the reader can mend the key themselves.</param>
    public static string Remedy(UnavailableReason reason, bool mayManageKeys) => reason switch
    {
        UnavailableReason.Deleted => "Its key was deleted. Pick another one.",
        UnavailableReason.WrongKind => "Its key is for another kind of slot. Pick another one.",
        UnavailableReason.Disabled => mayManageKeys ? "Its key is disabled. Enable it, or pick another one." : "Its key is disabled. Pick another one, or ask an administrator to enable it.",
        UnavailableReason.Expired => mayManageKeys ? "Its key has expired. Give it a new value and date, or pick another one." : "Its key has expired. Pick another one, or ask an administrator to renew it.",
        UnavailableReason.NotAssigned => mayManageKeys ? "Its key is not assigned to this workspace. Assign it, or pick another one." : "Its key is not assigned to this workspace. Pick another one, or ask an administrator to assign it.",
        _ => mayManageKeys ? "The value of its key cannot be opened. Replace the value, or pick another key." : "The value of its key cannot be opened. Pick another key, and tell an administrator.",
    };
}
