namespace KeyVaultApp.Web;

/// <summary>A page in the side navigation of those who see every workspace, added by a folder that the shell does not know.</summary>
/// <param name="Icon">Its name in the sprite.</param>
public sealed record NavigationLink(string Path, string Icon, string Name);
