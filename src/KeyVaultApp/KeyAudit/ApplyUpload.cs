using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.KeyAudit;

/// <summary>Applies an upload that was looked at. What changed since then is found again here: all of it or nothing.</summary>
public sealed class ApplyUpload(KeyVaultDb db, ImportKeyAudit import, TimeProvider clock)
{
    public async Task<ImportKeyAudit.Answer> RunAsync(Guid id, Actor actor, CancellationToken ct)
    {
        var upload = await GetUpload.FindAsync(db, id, clock.GetUtcNow(), ct);
        var done = await import.RunAsync(GetUpload.Read(upload), dryRun: false, actor, null, ct);
        await db.KeyAuditUploads.Where(row => row.Id == id).ExecuteDeleteAsync(ct);
        return done;
    }
}
