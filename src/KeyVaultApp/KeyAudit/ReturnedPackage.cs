using System.IO.Compression;
using System.Xml;
using System.Xml.Linq;
using KeyVaultApp.Web;

namespace KeyVaultApp.KeyAudit;

/// <summary>
/// A file that came from outside: looked at before it is trusted, and opened part by part as a stream. Whatever it is, the
/// answer is a sentence; nothing of it is executed, followed or fetched.
/// </summary>
internal sealed class ReturnedPackage : IDisposable
{
    public const long LargestFile = 64L * 1024 * 1024;

    private const int MostParts = 2000;
    private const long LargestUnpacked = 8L * 1024 * 1024 * 1024;
    private const long LargestSmallPart = 4 * 1024 * 1024;

    /// <summary>A sheet of the largest fleet packs about forty to one, a bomb a thousand to one.</summary>
    private const int HighestRatio = 200;

    private const long RatioMattersFrom = 1024 * 1024;

    /// <summary>Of the container in which Office keeps both encrypted workbooks and the format before .xlsx.</summary>
    private static readonly byte[] CompoundFile = [0xD0, 0xCF, 0x11, 0xE0];

    private static readonly (string Part, string Why)[] NotTaken =
    [
        ("vbaproject", "has macros. Save it as an Excel workbook (.xlsx) without them."),
        ("/macrosheets/", "has macros. Save it as an Excel workbook (.xlsx) without them."),
        ("/externallinks/", "has links to other files. Break them (Data, Edit links), and save it again."),
        ("/embeddings/", "has other files embedded in it. Remove them, and save it again."),
        ("/activex/", "has controls embedded in it. Remove them, and save it again."),
    ];

    private readonly ZipArchive _zip;

    private ReturnedPackage(ZipArchive zip) => _zip = zip;

    /// <param name="file">Seekable; it is left open.</param>
    /// <exception cref="Refusal">It is not a workbook that may be read.</exception>
    public static ReturnedPackage Open(Stream file)
    {
        if (file.Length > LargestFile) throw Unusable($"is larger than {LargestFile / 1024 / 1024} MB.");
        var start = new byte[CompoundFile.Length];
        file.Position = 0;
        var read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position = 0;
        if (start.SequenceEqual(CompoundFile)) throw Unusable("is encrypted with a password, or in the old .xls format. Save it as .xlsx without a password.");
        if (read < start.Length || start is not [(byte)'P', (byte)'K', ..]) throw Unusable("is not an Excel workbook (.xlsx).");
        try
        {
            var package = new ReturnedPackage(new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true));
            package.Check();
            return package;
        }
        catch (InvalidDataException)
        {
            throw Broken();
        }
    }

    public static Refusal Unusable(string why) => Refusal.Invalid("file", $"The file {why}");

    public void Dispose() => _zip.Dispose();

    /// <summary>A small part as a whole.</summary>
    public XDocument Load(string part)
    {
        var entry = Entry(part);
        if (entry.Length > LargestSmallPart) throw Broken();
        return Read(part, XDocument.Load);
    }

    /// <summary>Reads a part from its beginning; what is broken in it is a sentence too.</summary>
    public T Read<T>(string part, Func<XmlReader, T> read)
    {
        try
        {
            using var stream = Entry(part).Open();
            using var reader = XmlReader.Create(stream, new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                IgnoreComments = true,
                IgnoreProcessingInstructions = true,
            });
            return read(reader);
        }
        catch (Exception broken) when (broken is XmlException or InvalidDataException or FormatException or OverflowException)
        {
            throw Broken();
        }
    }

    public bool Has(string part) => _zip.GetEntry(part) is not null;

    private ZipArchiveEntry Entry(string part) => _zip.GetEntry(part) ?? throw Broken();

    private void Check()
    {
        var entries = _zip.Entries;
        if (entries.Count > MostParts || entries.Sum(entry => entry.Length) > LargestUnpacked || entries.Any(IsBomb))
            throw Unusable("would unpack to far more than a key audit does. It is not read.");
        if (entries.Any(entry => entry.IsEncrypted)) throw Unusable("is encrypted. Save it as .xlsx without a password.");
        foreach (var (part, why) in NotTaken)
            if (entries.Any(entry => entry.FullName.Contains(part, StringComparison.OrdinalIgnoreCase)))
                throw Unusable(why);
        if (entries.DistinctBy(entry => entry.FullName, StringComparer.OrdinalIgnoreCase).Count() != entries.Count) throw Broken();
        if (!Has("[Content_Types].xml")) throw Unusable("is not an Excel workbook (.xlsx).");
        if (Load("[Content_Types].xml").Descendants().Attributes("ContentType").Any(type => type.Value.Contains("macroEnabled", StringComparison.OrdinalIgnoreCase)))
            throw Unusable(NotTaken[0].Why);
    }

    private static bool IsBomb(ZipArchiveEntry entry) => entry.Length > RatioMattersFrom && entry.Length / HighestRatio > entry.CompressedLength;

    private static Refusal Broken() => Unusable("is damaged: not all of it can be read. Open it in Excel or LibreOffice, and save it again as .xlsx.");
}
