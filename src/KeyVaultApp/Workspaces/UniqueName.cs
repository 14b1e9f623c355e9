using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Workspaces;

public static class UniqueName
{
    /// <summary>Saves; that a name is taken is the database's to say, and becomes an error of the field.</summary>
    public static async Task SaveUniqueNameAsync(this KeyVaultDb db, string what, CancellationToken ct)
    {
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException exception) when (db.IsUniqueViolation(exception))
        {
            throw Refusal.Taken("name", $"There is a {what} of this name already (upper and lower case are the same here).");
        }
    }
}
