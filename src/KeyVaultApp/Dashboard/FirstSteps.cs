using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Dashboard;

/// <summary>What a new installation still lacks.</summary>
public sealed class FirstSteps(KeyVaultDb db)
{
    public sealed record Item(string Text, string Url, bool IsDone);

    public async Task<IReadOnlyList<Item>> RunAsync(CancellationToken ct) =>
    [
        new("Create the workspaces", "/workspaces", await db.Workspaces.AnyAsync(ct)),
        new("Bring in the agents, one by one or with agents import", "/agents", await db.Agents.AnyAsync(ct)),
        new("Create a first key", "/keys", await db.Keys.AnyAsync(ct)),
        new("Assign it to the workspaces that may use it", "/keys", await db.KeyAssignments.AnyAsync(ct)),
        new("Add the people who work with the agents", "/settings", await db.Users.AnyAsync(user => user.Role != Role.Admin, ct)),
        new("Give the runtime a resolver token", "/settings", await db.AccessTokens.AnyAsync(token => token.Role == Role.Resolver && token.RevokedAt == null, ct)),
    ];
}
