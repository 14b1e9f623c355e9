using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.KeyAudit;

/// <summary>How large the workbook will be, and what it is about: counted in SQL, before anything is made.</summary>
public sealed class CountFleet(KeyVaultDb db, ILegacyKeys legacy)
{
    /// <param name="Legacy">Slots with something in the old column; their references may be set as well.</param>
    public sealed record Kind(KeyKind Name, int Legacy, int References);

    public sealed record Answer(int Workspaces, int Agents, IReadOnlyList<Kind> Kinds);


    /// <param name="workspaceId">Null for all.</param>
    public async Task<Answer> RunAsync(Guid? workspaceId, CancellationToken ct)
    {
        var agents = db.Agents.Where(agent => workspaceId == null || agent.WorkspaceId == workspaceId);
        var both =
            from agent in agents
            join row in legacy.Rows on agent.Id equals row.AgentId into old
            from row in old.DefaultIfEmpty()
            select new { agent, row };
        var counts = await both.GroupBy(_ => 1).Select(all => new
        {
            Agents = all.Count(),
            Tts = all.Sum(one => (int?)one.row!.HasTtsKey),
            Stt = all.Sum(one => (int?)one.row!.HasSttKey),
            Elevenlabs = all.Sum(one => (int?)one.row!.HasElevenlabsKey),
            SelectedTts = all.Count(one => one.agent.SelectedTtsKeyId != null),
            SelectedStt = all.Count(one => one.agent.SelectedSttKeyId != null),
            SelectedElevenlabs = all.Count(one => one.agent.SelectedElevenlabsKeyId != null),
        }).SingleOrDefaultAsync(ct);
        return new Answer(
            await db.Workspaces.CountAsync(workspace => workspaceId == null || workspace.Id == workspaceId, ct),
            counts?.Agents ?? 0,
            [
                new Kind(KeyKind.Tts, counts?.Tts ?? 0, counts?.SelectedTts ?? 0),
                new Kind(KeyKind.Stt, counts?.Stt ?? 0, counts?.SelectedStt ?? 0),
                new Kind(KeyKind.Elevenlabs, counts?.Elevenlabs ?? 0, counts?.SelectedElevenlabs ?? 0),
            ]);
    }
}
