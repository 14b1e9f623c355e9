using System.Text.Json;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.KeyAudit;

/// <summary>Keeps what was filled in for as long as somebody looks at the preview; the file itself is not kept.</summary>
public sealed class KeepUpload(KeyVaultDb db, TimeProvider clock)
{
    public sealed record Form(IFormFile? File);

    public async Task<Guid> RunAsync(Form form, Actor actor, CancellationToken ct)
    {
        if (form.File is null) throw Refusal.Invalid("file", "Choose the workbook that was filled in.");
        await using var file = form.File.OpenReadStream();
        var returned = ReadReturn.Run(file);

        var now = clock.GetUtcNow();
        var old = now - KeyAuditUpload.Lifetime;
        await db.KeyAuditUploads.Where(upload => upload.At < old).ExecuteDeleteAsync(ct);
        var kept = new KeyAuditUpload
        {
            Id = Guid.CreateVersion7(now),
            At = now,
            ByKind = actor.Kind,
            ById = actor.Id,
            By = actor.Name,
            Rows = JsonSerializer.Serialize(returned, Json.Options),
        };
        db.KeyAuditUploads.Add(kept);
        await db.SaveChangesAsync(ct);
        return kept.Id;
    }
}
