using System.Xml.Linq;
using KeyVaultApp.Domain;
using KeyVaultApp.Encryption;
using KeyVaultApp.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Accounts;

/// <summary>Keeps the keys of cookies and forms in the database, so that instances share them and a restart ends no session.</summary>
internal sealed class DataProtectionKeys(IServiceScopeFactory scopes, TimeProvider clock) : IXmlRepository
{
    /// <summary>What is protected for one application does not open for another. It must not change.</summary>
    private const string Application = "KeyVaultApp";

    public static void AddTo(IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName(Application);
        services.AddSingleton<DataProtectionKeys>().AddSingleton<DataProtectionWrapping>().AddSingleton<ProtectedText>();
        services.AddOptions<KeyManagementOptions>().Configure<DataProtectionKeys, DataProtectionWrapping>((keys, rows, wrapping) =>
        {
            keys.XmlRepository = rows;
            keys.XmlEncryptor = wrapping;
        });
    }

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var scope = scopes.CreateScope();
        var rows = scope.ServiceProvider.GetRequiredService<KeyVaultDb>().DataProtectionKeys.AsNoTracking();
        return [.. rows.OrderBy(row => row.CreatedAt).Select(row => row.Xml).AsEnumerable().Select(xml => XElement.Parse(xml))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var scope = scopes.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<KeyVaultDb>();
        var now = clock.GetUtcNow();
        db.DataProtectionKeys.Add(new DataProtectionKey
        {
            Id = Guid.CreateVersion7(now),
            Name = friendlyName,
            Xml = element.ToString(SaveOptions.DisableFormatting),
            CreatedAt = now,
        });
        db.SaveChanges();
    }
}
