using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace KeyVaultApp.Encryption;

/// <summary>How the certificate of somebody we call is checked.</summary>
public static class PeerCertificates
{
    /// <summary>
    /// Against the roots that the machine trusts and the name that was called. Nothing is fetched for it (missing issuers, revocation
    /// lists): such addresses stand in the certificate, so whoever we call could send us anywhere with them.
    /// </summary>
    public static SslClientAuthenticationOptions Checked() => new()
    {
        CertificateChainPolicy = new X509ChainPolicy { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck },
    };
}
