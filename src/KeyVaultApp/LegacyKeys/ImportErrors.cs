using KeyVaultApp.Web;

namespace KeyVaultApp.LegacyKeys;

/// <summary>What is wrong with the file, by line and column. A cell is never repeated: it may hold a key, in any column.</summary>
internal sealed class ImportErrors
{
    private const int Most = 20;
    private readonly List<(long Line, string Text)> _errors = [];

    public int Count => _errors.Count;

    /// <summary>There are enough of them for a person to begin with.</summary>
    public bool IsFull => Count >= Most;

    public void Add(long line, string? column, string problem)
    {
        if (!IsFull) _errors.Add((line, column is null ? $"line {line}: {problem}" : $"line {line}, column {column}: {problem}"));
    }

    /// <exception cref="Refusal">There are any.</exception>
    public void Check()
    {
        if (Count == 0) return;
        var lines = _errors.OrderBy(error => error.Line).Select(error => error.Text).Distinct();
        var end = IsFull ? $"Nothing was imported. These are the first {Most}; there may be more." : "Nothing was imported.";
        throw new Refusal(RefusalKind.Invalid, "import_invalid", string.Join('\n', [.. lines, end]));
    }
}
