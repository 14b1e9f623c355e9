using KeyVaultApp.Web;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>What is wrong with decisions, each named by its place in the list: <c>decisions[3].name</c>.</summary>
internal sealed class DecisionErrors
{
    /// <summary>More are of no use to anybody, and a list can be long.</summary>
    private const int Most = 20;

    private readonly Dictionary<string, string[]> _errors = [];

    public void Add(int index, string? member, string message)
    {
        if (_errors.Count < Most) _errors.TryAdd(member is null ? $"decisions[{index}]" : $"decisions[{index}].{member}", [message]);
    }

    public void Check()
    {
        if (_errors.Count == 0) return;
        throw new Refusal(RefusalKind.Invalid, Refusal.InvalidCode, string.Join(' ', _errors.Select(error => $"{error.Key}: {error.Value[0]}"))) { Errors = _errors };
    }
}
