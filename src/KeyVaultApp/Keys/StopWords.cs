using KeyVaultApp.Domain;
using KeyVaultApp.Web;

namespace KeyVaultApp.Keys;

/// <summary>What it means for agents that a key stops.</summary>
public static class StopWords
{
    /// <param name="users">The agents that use the key, in any phase.</param>
    /// <param name="losing">Those of them that get their key from it now.</param>
    public static string Effect(KeyKind kind, int users, int losing) => losing switch
    {
        0 => $"no agent loses its key now; {Named(users)}",
        _ when losing >= users => Lose(kind, losing),
        _ => $"{Lose(kind, losing)}; {Named(users - losing, more: true)}",
    };

    /// <summary>Agents that name the key in a reference or an old column, and get theirs from elsewhere or none.</summary>
    public static string Named(int agents, bool more = false)
    {
        var (one, many) = more ? ("more agent", "more agents") : ("agent", "agents");
        return Count.Of(agents, $"{one} names it and is not affected at present", $"{many} name it and are not affected at present");
    }

    private static string Lose(KeyKind kind, int agents) => $"{Count.Of(agents, "agent gets", "agents get")} no {kind.Label()} key from now on";
}
