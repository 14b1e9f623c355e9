using KeyVaultApp.Storage;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary><c>Migration:BatchSize</c>: how many agents a run handles in one transaction. Fewer hold up less, more are faster.</summary>
public sealed record RunSettings(int BatchSize)
{
    private const string Key = "Migration:BatchSize";
    private const int Most = 10_000;

    /// <summary>
    /// A statement that holds 5,000 locks of an index has SQL Server lock the whole table, and everybody who saves an agent waits;
    /// some statements take three for an agent: https://learn.microsoft.com/sql/relational-databases/sql-server-transaction-locking-and-row-versioning-guide#lock-escalation
    /// </summary>
    private const int MostBeforeEscalation = 1500;

    public static RunSettings From(IConfiguration configuration, StorageProvider provider) =>
        configuration[Key] is not { Length: > 0 } text ? new RunSettings(provider == StorageProvider.SqlServer ? MostBeforeEscalation : Most)
        : int.TryParse(text, out var number) && number is >= 1 and <= Most ? new RunSettings(number)
        : throw new ConfigurationException(Key, $"is not a whole number from 1 to {Most}.");
}
