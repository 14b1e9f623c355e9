using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace KeyVaultApp.Encryption;

/// <summary>Wraps the keys of Data Protection by the master key: <c>&lt;wrapped master_key="1a2b3c4d"&gt;base64&lt;/wrapped&gt;</c>.</summary>
public sealed class DataProtectionWrapping(Keyring keyring) : IXmlEncryptor
{
    private const string MasterKeyId = "master_key";

    private static readonly byte[] Label = "data_protection_keys"u8.ToArray();

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var bytes = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var master = keyring.Master;
        var wrapped = new XElement("wrapped", new XAttribute(MasterKeyId, master.Id), Convert.ToBase64String(master.Wrap(Label, bytes)));
        CryptographicOperations.ZeroMemory(bytes);
        return new EncryptedXmlInfo(wrapped, typeof(Unwrapping));
    }

    /// <summary>Its full name is stored with every key that it opens: it must not be renamed.</summary>
    public sealed class Unwrapping(IServiceProvider services) : IXmlDecryptor
    {
        public XElement Decrypt(XElement encryptedElement)
        {
            var master = services.GetRequiredService<Keyring>().Master;
            var wrappedBy = (string?)encryptedElement.Attribute(MasterKeyId);
            if (wrappedBy != master.Id) throw new MasterKeyException($"A Data Protection key is wrapped by master key {wrappedBy}, and this installation has {master.Id}.");
            var bytes = master.Unwrap(Label, Convert.FromBase64String(encryptedElement.Value))
                ?? throw new MasterKeyException("A Data Protection key does not open under its master key: its row was changed.");
            var element = XElement.Parse(Encoding.UTF8.GetString(bytes));
            CryptographicOperations.ZeroMemory(bytes);
            return element;
        }
    }
}
