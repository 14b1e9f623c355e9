namespace KeyVaultApp.Domain;

/// <summary>What a key is for. An agent has one slot for each kind. The numbers are stored and never move.</summary>
public enum KeyKind
{
    Tts = 1,
    Stt = 2,
    Elevenlabs = 3,
}

public static class KeyKinds
{
    public static readonly IReadOnlyList<KeyKind> All = [KeyKind.Tts, KeyKind.Stt, KeyKind.Elevenlabs];

    /// <summary>The kind as it stands in URLs, JSON and column names: <c>tts</c>, <c>stt</c>, <c>elevenlabs</c>.</summary>
    public static string Word(this KeyKind kind) => kind switch
    {
        KeyKind.Tts => "tts",
        KeyKind.Stt => "stt",
        KeyKind.Elevenlabs => "elevenlabs",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a key kind."),
    };

    /// <summary>The kind as people read it.</summary>
    public static string Label(this KeyKind kind) => kind switch
    {
        KeyKind.Tts => "TTS",
        KeyKind.Stt => "STT",
        KeyKind.Elevenlabs => "ElevenLabs",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a key kind."),
    };

    public static KeyKind? Parse(string? word) => word switch
    {
        "tts" => KeyKind.Tts,
        "stt" => KeyKind.Stt,
        "elevenlabs" => KeyKind.Elevenlabs,
        _ => null,
    };
}
