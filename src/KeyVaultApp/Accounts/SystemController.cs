using System.Reflection;
using KeyVaultApp.Domain;
using KeyVaultApp.Encryption;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace KeyVaultApp.Accounts;

/// <summary>What this installation stands on. It is set by files, environment and command line, and changed there.</summary>
[Authorize(Policy = Access.Oversee)]
public sealed class SystemController : PageController
{
    /// <param name="Settings">The settings that matter here, with where each comes from; none shows a value that could be secret.</param>
    public sealed record SystemPage(string Version, Schema.Status Schema, KeyringStatus Keyring, IReadOnlyList<Setting> Settings);

    [HttpGet("/settings/system")]
    public async Task<IActionResult> Index(
        [FromServices] Schema schema, [FromServices] Keyring keyring, [FromServices] StorageOptions storage, [FromServices] IConfiguration configuration, CancellationToken ct)
    {
        var version = typeof(SystemController).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        return View(new SystemPage(version.Split('+')[0], await schema.StatusAsync(ct), await keyring.StatusAsync(ct),
        [
            Setting.Of(configuration, "DataDirectory", storage.DataDirectory),
            Setting.Of(configuration, "Storage:Provider", storage.Provider.ToString()),
            Setting.Of(configuration, "ConnectionStrings:KeyVault", null),
            Setting.Of(configuration, "MasterKey:Source", configuration["MasterKey:Source"]),
        ]));
    }
}
