using System.Runtime.CompilerServices;
using CsvHelper;
using KeyVaultApp.Web;

namespace KeyVaultApp.LegacyKeys;

/// <summary>agents.csv (RFC 4180, UTF-8, with or without a byte order mark): opened once, read twice, never held as a whole.</summary>
internal sealed class AgentsFile : IAsyncDisposable
{
    /// <summary>Well above the longest row there can be, and far below a file that an open quote would swallow.</summary>
    private const int LongestRow = 256 * 1024;

    private static readonly CsvReaderOptions Format = new()
    {
        Separator = ',',
        HasHeader = false,
        TrackLineNumbers = true,
        MalformedData = CsvMalformedDataHandling.Throw,
        MaxRecordSize = LongestRow,
        IncludeValuesInExceptions = false,
    };

    /// <summary>UTF-16 and UTF-32, which the reader would take for what they are.</summary>
    private static readonly byte[][] OtherMarks = [[0xFF, 0xFE], [0xFE, 0xFF], [0x00, 0x00, 0xFE, 0xFF]];

    private readonly FileStream _stream;
    private readonly (long Length, DateTime Written) _asOpened;

    private AgentsFile(FileStream stream)
    {
        _stream = stream;
        _asOpened = State;
    }

    private (long Length, DateTime Written) State => (_stream.Length, File.GetLastWriteTimeUtc(_stream.SafeFileHandle));

    public static AgentsFile Open(string path)
    {
        if (Directory.Exists(path)) throw Unusable($"{path} is a folder.");
        try
        {
            var stream = new FileStream(path, new FileStreamOptions { Options = FileOptions.SequentialScan });
            if (stream.CanSeek) return new AgentsFile(stream);
            stream.Dispose();
            throw Unusable($"{path} can be read only once, and the import reads it twice. Save it as a file first.");
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Unusable($"There is no file {path}.");
        }
        catch (UnauthorizedAccessException)
        {
            throw Unusable($"{path} may not be read by this user.");
        }
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    /// <summary>Reads the file from its beginning. Rows with errors are left out; after a broken quote nothing can be told for sure, so there it ends.</summary>
    public async IAsyncEnumerable<AgentRow> ReadAsync(ImportErrors errors, [EnumeratorCancellation] CancellationToken ct)
    {
        if (HasOtherMark())
        {
            errors.Add(1, null, "the file is not UTF-8. Save it in that encoding.");
            yield break;
        }

        await using var csv = CsvReader.Create(_stream, Format, leaveOpen: true);
        if (!await NextAsync(csv, errors, ct) || !IsHeader(csv, errors)) yield break;
        while (!errors.IsFull && await NextAsync(csv, errors, ct))
            if (AgentRow.Read(csv, errors) is { } row)
                yield return row;
    }

    /// <exception cref="Refusal">The file is not the one that was checked.</exception>
    public void RequireUnchanged()
    {
        if (State != _asOpened) throw Changed();
    }

    public static Refusal Changed() => Unusable("The file changed while it was read. Nothing was imported.");

    private static Refusal Unusable(string message) => new(RefusalKind.Invalid, "import_file", message);

    private bool HasOtherMark()
    {
        Span<byte> start = stackalloc byte[4];
        _stream.Position = 0;
        start = start[.._stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        _stream.Position = 0;
        foreach (var mark in OtherMarks)
            if (start.StartsWith(mark))
                return true;
        return false;
    }

    private static bool IsHeader(CsvReader csv, ImportErrors errors)
    {
        var before = errors.Count;
        for (var i = 0; i < Math.Max(csv.FieldCount, AgentRow.Columns.Count) && errors.Count == before; i++)
        {
            var expected = AgentRow.Columns.ElementAtOrDefault(i);
            if (expected is null || i >= csv.FieldCount || csv.GetString(i) != expected)
                errors.Add(csv.LineNumber, expected ?? $"{i + 1}", $"the first line must be exactly {string.Join(',', AgentRow.Columns)}");
        }

        return errors.Count == before;
    }

    private async ValueTask<bool> NextAsync(CsvReader csv, ImportErrors errors, CancellationToken ct)
    {
        var isFirst = csv.RowNumber == 0;
        var end = isFirst ? 0 : csv.ByteOffset + csv.RawRecord.Length;
        try
        {
            if (await csv.ReadAsync(ct)) return true;
            if (isFirst) errors.Add(1, AgentRow.Columns[0], "the file is empty.");
            return false;
        }
        catch (CsvFormatException broken)
        {
            // Of a row that is too long the reader tells where it begins, of other breaks where they are.
            var isTooLong = _stream.Length - end > LongestRow && broken.ByteOffset <= end + 2;
            var (cell, isOpen) = CellAt(end, isTooLong ? end + LongestRow : broken.ByteOffset);
            errors.Add(broken.LineNumber, AgentRow.Columns.ElementAtOrDefault(cell) ?? $"{cell + 1}", isOpen
                ? "a quote is opened here and not closed."
                : isTooLong ? $"the row is longer than {LongestRow / 1024} KiB."
                : "a quote stands inside the cell, or something behind its closing quote. A cell with quotes is put in quotes, and those in it are doubled.");
            return false;
        }
    }

    /// <summary>Which cell of a row a byte is in, and whether a quote is open there: only commas outside of quotes end a cell.</summary>
    private (int Cell, bool IsOpen) CellAt(long rowStart, long position)
    {
        var (cell, isOpen) = (0, false);
        _stream.Position = rowStart;
        for (var at = rowStart; at < position && _stream.ReadByte() is >= 0 and var character; at++)
        {
            if (character == '"') isOpen = !isOpen;
            else if (character == ',' && !isOpen) cell++;
        }

        return (cell, isOpen);
    }
}
