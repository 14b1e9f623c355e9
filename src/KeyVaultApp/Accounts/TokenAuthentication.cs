using System.Security.Claims;
using System.Text.Encodings.Web;
using KeyVaultApp.Domain;
using KeyVaultApp.Encryption;
using KeyVaultApp.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace KeyVaultApp.Accounts;

/// <summary>
/// <c>Authorization: Bearer kva_...</c>. A token that is unknown, expired or revoked is no token at all.
/// Whoever sends the header means to be known by it: one that is no good fails, whatever else the request carries.
/// </summary>
internal sealed class TokenAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, KeyVaultDb db, TimeProvider clock)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "Token";
    private const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization.Count == 0) return AuthenticateResult.NoResult();
        if (Given() is not { } given) return AuthenticateResult.Fail("The Authorization header is not one bearer token.");

        var hash = TokenHashes.Hash(given);
        var token = await db.AccessTokens.AsNoTracking().Include(token => token.Workspaces)
            .SingleOrDefaultAsync(token => token.Hash == hash, Context.RequestAborted);
        if (token is null || !token.IsUsable(clock.GetUtcNow())) return AuthenticateResult.Fail("The token is unknown, expired or revoked.");

        var actor = new Actor(
            ActorKind.Token, token.Id, token.Name, token.Role, token.AllWorkspaces ? null : [.. token.Workspaces.Select(scope => scope.WorkspaceId)]);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(actor.ToIdentity(SchemeName)), SchemeName));
    }

    /// <summary>RFC 6750, 3: without a token only the scheme is named; one that is not good is called invalid.</summary>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = Request.Headers.Authorization.Count == 0 ? "Bearer" : "Bearer error=\"invalid_token\"";
        return base.HandleChallengeAsync(properties);
    }

    /// <summary>The token, if there is one header with one thing in it that looks like a token: nothing else is worth asking the database.</summary>
    private string? Given() =>
        Request.Headers.Authorization is [{ } header]
        && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
        && header[Bearer.Length..].Trim(' ') is var token
        && TokenHashes.IsToken(token) ? token : null;
}
