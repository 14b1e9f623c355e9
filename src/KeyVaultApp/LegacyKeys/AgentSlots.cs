using KeyVaultApp.Domain;

namespace KeyVaultApp.LegacyKeys;

/// <summary>An agent's old columns beside its references.</summary>
public sealed class AgentSlots
{
    /// <summary>Reads <c>agents</c> alone.</summary>
    public const string Sql =
        """
        SELECT id AS "AgentId", workspace_id AS "WorkspaceId", tts_key AS "TtsKey", stt_key AS "SttKey", elevenlabs_key AS "ElevenlabsKey",
               selected_tts_key_id AS "TtsReference", selected_stt_key_id AS "SttReference", selected_elevenlabs_key_id AS "ElevenlabsReference"
        FROM agents
        """;

    public Guid AgentId { get; init; }
    public Guid WorkspaceId { get; init; }
    public string? TtsKey { get; init; }
    public string? SttKey { get; init; }
    public string? ElevenlabsKey { get; init; }
    public Guid? TtsReference { get; init; }
    public Guid? SttReference { get; init; }
    public Guid? ElevenlabsReference { get; init; }

    public Guid? Reference(KeyKind kind) => kind switch
    {
        KeyKind.Tts => TtsReference,
        KeyKind.Stt => SttReference,
        _ => ElevenlabsReference,
    };

    /// <summary>Null where the old column holds nothing, or only blanks.</summary>
    public Secret? LegacyKey(KeyKind kind) => Secret.OrNull(kind switch
    {
        KeyKind.Tts => TtsKey,
        KeyKind.Stt => SttKey,
        _ => ElevenlabsKey,
    }) is { IsBlank: false } value ? value : null;
}
