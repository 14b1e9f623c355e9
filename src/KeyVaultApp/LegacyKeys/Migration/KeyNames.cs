using KeyVaultApp.Domain;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>
/// Names for KeyResources to be made: <c>&lt;Workspace&gt;-TTS-1</c> where one workspace holds the key, <c>Shared-TTS-1</c> where
/// several do. Each is new, upper and lower case being the same.
/// </summary>
internal sealed class KeyNames(IEnumerable<string> normalizedTaken)
{
    private const string Shared = "Shared";

    private readonly HashSet<string> _taken = [.. normalizedTaken];
    private readonly Dictionary<string, int> _last = [];

    /// <param name="workspaceName">Null where several workspaces hold the key.</param>
    public string Next(string? workspaceName, KeyKind kind)
    {
        var owner = workspaceName ?? Shared;
        var counted = Text.Normalize($"{owner}-{kind.Label()}");
        while (true)
        {
            var number = _last[counted] = _last.GetValueOrDefault(counted) + 1;
            var ending = $"-{kind.Label()}-{number}";
            var name = Cut(owner, KeyResource.NameMaxLength - ending.Length) + ending;
            if (_taken.Add(Text.Normalize(name))) return name;
        }
    }

    private static string Cut(string text, int length)
    {
        if (text.Length <= length) return text;
        // Not in the middle of a character.
        return text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)].TrimEnd();
    }
}
