using KeyVaultApp.Domain;

namespace KeyVaultApp.KeyAudit;

/// <summary>
/// A name to begin with: <c>Acme-TTS-1</c>, or <c>Shared-TTS-1</c> where several workspaces hold the key, the same one in each
/// of its rows. Keys come in the order of the sheet.
/// </summary>
internal sealed class SuggestNames(IReadOnlySet<string> taken)
{
    /// <summary>Room for the kind and the number behind a workspace's name.</summary>
    private const int Room = 24;

    private readonly Dictionary<KeyKind, long> _sharedFrom = KeyKinds.All.ToDictionary(kind => kind, kind => LastShared(taken, kind));
    private (string Workspace, KeyKind Kind) _at;
    private int _number;

    public string Next(DistinctKey key)
    {
        var kind = (KeyKind)key.Kind;
        if (key.SharedNumber is { } shared) return Name("Shared", kind, _sharedFrom[kind] + shared);
        if (_at != (key.Workspace, kind)) (_at, _number) = ((key.Workspace, kind), 0);
        while (true)
        {
            var name = Name(Shortened(key), kind, ++_number);
            if (!taken.Contains(Text.Normalize(name))) return name;
        }
    }

    private static string Name(string of, KeyKind kind, long number) => $"{of}-{kind.Label()}-{number}";

    private static string Shortened(DistinctKey key)
    {
        const int digits = 8;
        var most = KeyResource.NameMaxLength - Room;
        if (key.Workspace.Length <= most) return key.Workspace;
        var cut = most - digits - 1;
        if (char.IsHighSurrogate(key.Workspace[cut - 1])) cut--;
        return $"{key.Workspace[..cut]}-{key.WorkspaceId.ToString("N")[^digits..]}";
    }

    /// <summary>Names of that form that are there already are not suggested again.</summary>
    private static long LastShared(IReadOnlySet<string> taken, KeyKind kind)
    {
        var start = Text.Normalize($"Shared-{kind.Label()}-");
        return taken.Where(name => name.StartsWith(start, StringComparison.Ordinal)).Select(name => long.TryParse(name[start.Length..], out var number) ? number : 0).DefaultIfEmpty().Max();
    }
}
