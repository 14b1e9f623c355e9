using System.Text.Json;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.KeyAudit;

/// <summary>What an upload would do, as things are now.</summary>
public sealed class GetUpload(KeyVaultDb db, ImportKeyAudit import, TimeProvider clock)
{
    public sealed record Answer(Guid Id, DateTimeOffset At, string By, ImportKeyAudit.Answer Preview);

    public async Task<Answer> RunAsync(Guid id, Actor actor, CancellationToken ct)
    {
        var upload = await FindAsync(db, id, clock.GetUtcNow(), ct);
        return new Answer(id, upload.At, upload.By, await import.RunAsync(Read(upload), dryRun: true, actor, null, ct));
    }

    internal static async Task<KeyAuditUpload> FindAsync(KeyVaultDb db, Guid id, DateTimeOffset now, CancellationToken ct)
    {
        var oldest = now - KeyAuditUpload.Lifetime;
        return await db.KeyAuditUploads.AsNoTracking().SingleOrDefaultAsync(upload => upload.Id == id && upload.At >= oldest, ct) ?? throw Refusal.NotFound("upload; after a day it has to be uploaded again");
    }

    internal static ReturnedWorkbook Read(KeyAuditUpload upload) => JsonSerializer.Deserialize<ReturnedWorkbook>(upload.Rows, Json.Options)!;
}
