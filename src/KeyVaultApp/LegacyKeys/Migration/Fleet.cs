using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>
/// The agents with something in an old column, by id: one statement a page and one page in memory, each beginning where the
/// last one ended, so that the time is linear however large the fleet. It reads <c>agents</c> alone; nothing is joined.
/// </summary>
public sealed class Fleet(KeyVaultDb db)
{
    private const int PageSize = 5000;

    /// <summary>An agent's old columns beside its references.</summary>
    public sealed class Row
    {
        public Guid AgentId { get; init; }
        public Guid WorkspaceId { get; init; }
        public string? TtsKey { get; init; }
        public string? SttKey { get; init; }
        public string? ElevenlabsKey { get; init; }
        public Guid? TtsReference { get; init; }
        public Guid? SttReference { get; init; }
        public Guid? ElevenlabsReference { get; init; }

        /// <summary>The legacy key of a slot; null where there is none, or only blanks.</summary>
        public Secret? LegacyKey(KeyKind kind) => Secret.OrNull(kind switch
        {
            KeyKind.Tts => TtsKey,
            KeyKind.Stt => SttKey,
            _ => ElevenlabsKey,
        }) is { IsBlank: false } value ? value : null;

        public bool HasReference(KeyKind kind) => kind switch
        {
            KeyKind.Tts => TtsReference,
            KeyKind.Stt => SttReference,
            _ => ElevenlabsReference,
        } is not null;
    }

    /// <param name="workspaceIds">Of these workspaces; null is all.</param>
    public async IAsyncEnumerable<IReadOnlyList<Row>> PagesAsync(
        IReadOnlyCollection<Guid>? workspaceIds, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var rows = db.Database.SqlQueryRaw<Row>(
            """
            SELECT id AS "AgentId", workspace_id AS "WorkspaceId",
                   tts_key AS "TtsKey", stt_key AS "SttKey", elevenlabs_key AS "ElevenlabsKey",
                   selected_tts_key_id AS "TtsReference", selected_stt_key_id AS "SttReference", selected_elevenlabs_key_id AS "ElevenlabsReference"
            FROM agents
            """).Where(row => row.TtsKey != null || row.SttKey != null || row.ElevenlabsKey != null);
        if (workspaceIds?.ToArray() is { } ids) rows = rows.Where(row => EF.Parameter(ids).Contains(row.WorkspaceId));
        for (var last = Guid.Empty; ;)
        {
            var from = last;
            var page = await rows.Where(row => row.AgentId > from).OrderBy(row => row.AgentId).Take(PageSize).ToListAsync(ct);
            if (page is []) yield break;
            yield return page;
            last = page[^1].AgentId;
        }
    }
}
