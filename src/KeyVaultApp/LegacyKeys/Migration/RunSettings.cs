using KeyVaultApp.Storage;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary><c>Migration:BatchSize</c>: how many agents a run handles in one transaction. Fewer hold up less, more are faster.</summary>
public sealed record RunSettings(int BatchSize)
{
    private const string Key = "Migration:BatchSize";
    private const int Usual = 5000;
    private const int Most = 10_000;

    public static RunSettings From(IConfiguration configuration) => configuration[Key] is not { Length: > 0 } text ? new RunSettings(Usual)
        : int.TryParse(text, out var number) && number is >= 1 and <= Most ? new RunSettings(number)
        : throw new ConfigurationException(Key, $"is not a whole number from 1 to {Most}.");
}
