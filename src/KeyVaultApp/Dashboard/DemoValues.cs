using KeyVaultApp.Domain;

namespace KeyVaultApp.Dashboard;

/// <summary>
/// Makes up names and keys, the same ones each time. Nobody can take a value for a real key: every one says that it is made up.
/// </summary>
internal sealed class DemoValues
{
    private const int Seed = 20_260_131;
    private const int OwnKeys = 2;
    private const int SharedKeys = 3;

    private static readonly string[] Firsts =
        ["Quillmoor", "Brindlefjord", "Oskerby", "Lumenwick", "Harrowtide", "Pellisade", "Vintrell", "Corvandale", "Mirefold", "Tavishmere", "Ellerquay", "Stonewhistle", "Fennimarch", "Duskwater"];

    private static readonly string[] Trades =
        ["Dental", "Logistics", "Insurance", "Utilities", "Travel", "Clinics", "Couriers", "Energy", "Hotels", "Opticians", "Telecom", "Furniture", "Housing"];

    private static readonly string[] Jobs =
    [
        "Reception", "After-hours line", "Appointment reminders", "Order status", "Claims intake", "Delivery updates", "Billing questions",
        "Welcome calls", "Outage hotline", "Survey caller", "Rebooking desk", "Password resets", "Waiting list", "Sales callback",
    ];

    private readonly Random _random = new(Seed);
    private readonly Dictionary<KeyKind, string[]> _shared;
    private readonly Dictionary<(int Workspace, KeyKind Kind), string[]> _own = [];

    public DemoValues() => _shared = KeyKinds.All.ToDictionary(kind => kind, kind => Enumerable.Range(0, SharedKeys).Select(_ => MadeUp(kind)).ToArray());

    /// <summary>Names repeat after some 180, and then carry a number.</summary>
    public static string Workspace(int number)
    {
        var name = $"{Firsts[number % Firsts.Length]} {Trades[(number + (number / Firsts.Length)) % Trades.Length]}";
        var round = number / (Firsts.Length * Trades.Length);
        return round == 0 ? name : $"{name} {round + 1}";
    }

    public static string Agent(int number) => number < Jobs.Length ? Jobs[number] : $"{Jobs[number % Jobs.Length]} {(number / Jobs.Length) + 1}";

    /// <summary>Whether something happens that happens so often of a hundred times.</summary>
    public bool Chance(int percent) => _random.Next(100) < percent;

    /// <summary>A workspace; the first ones are the large ones.</summary>
    public int SkewedWorkspace(int workspaces) => (int)(workspaces * Math.Pow(_random.NextDouble(), 1.8));

    /// <summary>A value that several workspaces share.</summary>
    public string Shared(KeyKind kind, int number) => _shared[kind][number];

    public string MadeUp(KeyKind kind) => $"demo-not-a-real-key-{kind.Word()}-{_random.NextInt64():x16}";

    /// <summary>What an agent's old column holds: shared, its workspace's own, spoilt in copying, a UUID, an id of a key, or nothing.</summary>
    /// <param name="keyId">A KeyResource that the workspace may use, where there is one.</param>
    public Secret? OldKey(int workspace, KeyKind kind, Guid? keyId)
    {
        var own = Own(workspace, kind);
        return _random.Next(kind == KeyKind.Elevenlabs ? 150 : 106) switch
        {
            < 38 => new Secret(Shared(kind, _random.Next(SharedKeys))),
            < 80 => new Secret(own[_random.Next(OwnKeys)]),
            < 84 => new Secret($"  {own[0]} "),
            < 87 => new Secret($"Bearer {own[0]}"),
            < 89 => new Secret("YOUR_API_KEY_HERE"),
            < 92 => new Secret(UuidShaped()),
            < 95 => keyId is { } id ? new Secret(id.ToString()) : null,
            _ => null,
        };
    }

    private string[] Own(int workspace, KeyKind kind)
    {
        if (!_own.TryGetValue((workspace, kind), out var values))
            _own[(workspace, kind)] = values = [.. Enumerable.Range(0, OwnKeys).Select(_ => MadeUp(kind))];
        return values;
    }

    private string UuidShaped()
    {
        var bytes = new byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes).ToString();
    }
}
