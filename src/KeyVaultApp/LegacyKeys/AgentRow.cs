using System.Text;
using System.Text.Unicode;
using CsvHelper;
using KeyVaultApp.Domain;
using KeyVaultApp.Web;

namespace KeyVaultApp.LegacyKeys;

/// <summary>A row of agents.csv that is right in itself.</summary>
/// <param name="Keys">In the order of <see cref="KeyKinds.All"/>; null leaves the old column as it is.</param>
internal sealed record AgentRow(long Line, string WorkspaceName, string Name, string? ExternalId, IReadOnlyList<Secret?> Keys)
{
    public static readonly IReadOnlyList<string> Columns = ["workspace", "name", "external_id", .. KeyKinds.All.Select(kind => kind.Column())];

    private const int FirstKey = 3;

    /// <returns>The row that the reader stands on, or null where it has errors.</returns>
    public static AgentRow? Read(CsvReader csv, ImportErrors errors)
    {
        if (csv.FieldCount != Columns.Count)
        {
            errors.Add(csv.LineNumber, Columns.ElementAtOrDefault(csv.FieldCount), $"the row has {csv.FieldCount} cells, and {Columns.Count} are expected.");
            return null;
        }

        var cells = new Cells(csv, errors);
        var before = errors.Count;
        var workspace = cells.Text(0, Workspace.NameMaxLength, isRequired: true);
        var name = cells.Text(1, Agent.NameMaxLength, isRequired: true);
        var externalId = cells.Text(2, Agent.ExternalIdMaxLength, isRequired: false);
        Secret?[] keys = [.. KeyKinds.All.Select((_, i) => cells.Key(FirstKey + i))];
        return errors.Count == before ? new AgentRow(csv.LineNumber, workspace!, name!, externalId, keys) : null;
    }

    private sealed class Cells(CsvReader csv, ImportErrors errors)
    {
        /// <summary>A line of text as the forms take it: without blanks around it, visible, not too long.</summary>
        public string? Text(int cell, int maxLength, bool isRequired)
        {
            if (Decode(cell) is not { } decoded) return null;
            var text = decoded.NullIfBlank();
            if (text is null && isRequired) Refuse(cell, "is missing.");
            else if (text?.Length > maxLength) Refuse(cell, $"is longer than {maxLength} characters.");
            else if (text is not null && !PrintableText.IsPrintable(text)) Refuse(cell, "has characters that cannot be shown.");
            return text;
        }

        /// <summary>A key is kept as it stands, blanks around it too: the provider gets the same bytes. Blank or a mask changes nothing.</summary>
        public Secret? Key(int cell)
        {
            if (Secret.OrNull(Decode(cell)) is not { IsBlank: false, IsMask: false } key) return null;
            if (key.Length > KeyResource.ValueMaxLength) Refuse(cell, $"is longer than {KeyResource.ValueMaxLength} characters.");
            else if (!key.IsPrintable) Refuse(cell, "has control characters.");
            return key;
        }

        private string? Decode(int cell)
        {
            var bytes = csv.GetSpan(cell);
            if (!Utf8.IsValid(bytes)) Refuse(cell, "is not UTF-8. Save the file in that encoding.");
            else if (bytes.Contains((byte)0)) Refuse(cell, "has NUL bytes. Save the file in UTF-8.");
            else return Encoding.UTF8.GetString(bytes);
            return null;
        }

        private void Refuse(int cell, string problem) => errors.Add(csv.LineNumber, Columns[cell], problem);
    }
}
