using KeyVaultApp.Domain;
using KeyVaultApp.Encryption;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Accounts;

/// <summary>While there is no user, every page leads to the set-up page. Programs and the command line work all the same.</summary>
public sealed class FirstStart(IServiceScopeFactory scopes, TimeProvider clock)
{
    public const string Path = "/set-up";

    private volatile bool _isOver;

    /// <summary>Users are never deleted, so once there was one, there is.</summary>
    public async Task<bool> IsOverAsync(CancellationToken ct)
    {
        if (_isOver) return true;
        await using var scope = scopes.CreateAsyncScope();
        return _isOver = await scope.ServiceProvider.GetRequiredService<KeyVaultDb>().Users.AnyAsync(ct);
    }

    /// <summary>Makes a new link, and every older one worthless. For the console alone, never for a log.</summary>
    /// <returns>Path and query of the link, or null where there is a user.</returns>
    public async Task<string?> NewLinkAsync(CancellationToken ct)
    {
        if (await IsOverAsync(ct)) return null;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<KeyVaultDb>();
        var (now, token) = (clock.GetUtcNow(), TokenHashes.NewLink());
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.SetUpLinks.ExecuteDeleteAsync(ct);
        db.SetUpLinks.Add(new SetUpLink { Id = Guid.CreateVersion7(now), Hash = TokenHashes.Hash(token), ExpiresAt = now + SetUpLink.Lifetime });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return $"{Path}?token={token}";
    }

    internal async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (IsPage(context) && !await IsOverAsync(context.RequestAborted)) context.Response.Redirect(Path);
        else await next(context);
    }

    private static bool IsPage(HttpContext context) =>
        !Surface.IsApi(context.Request)
        && !context.Request.Path.StartsWithSegments(Path)
        && !context.Request.Path.StartsWithSegments(ErrorController.Path)
        && context.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is null;
}

public static class FirstStartModule
{
    public static void UseFirstStart(this WebApplication app)
    {
        var first = app.Services.GetRequiredService<FirstStart>();
        app.Use(first.InvokeAsync);
    }
}
