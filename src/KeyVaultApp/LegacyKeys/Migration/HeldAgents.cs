using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>Reads agents as they are and keeps them so until the end of the transaction: whoever edits one waits for it, or was waited for.</summary>
public sealed class HeldAgents(KeyVaultDb db)
{
    public sealed class Row
    {
        public Guid Id { get; init; }
        public Guid WorkspaceId { get; init; }
        public Guid? TtsReference { get; init; }
        public Guid? SttReference { get; init; }
        public Guid? ElevenlabsReference { get; init; }
        public string? TtsKey { get; init; }
        public string? SttKey { get; init; }
        public string? ElevenlabsKey { get; init; }

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

    public async Task<Dictionary<Guid, Row>> HoldAsync(Guid[] ids, CancellationToken ct)
    {
        await db.HoldRowsAsync("agents", ids, isShared: false, ct);
        return await ReadAsync(ids, ct);
    }

    public Task<Dictionary<Guid, Row>> ReadAsync(Guid[] ids, CancellationToken ct) => db.Database.SqlQueryRaw<Row>(
        """
        SELECT id AS "Id", workspace_id AS "WorkspaceId", tts_key AS "TtsKey", stt_key AS "SttKey", elevenlabs_key AS "ElevenlabsKey",
               selected_tts_key_id AS "TtsReference", selected_stt_key_id AS "SttReference", selected_elevenlabs_key_id AS "ElevenlabsReference"
        FROM agents
        """).Where(row => EF.Parameter(ids).Contains(row.Id)).ToDictionaryAsync(row => row.Id, ct);
}
