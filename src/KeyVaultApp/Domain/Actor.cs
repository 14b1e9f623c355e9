using System.Security.Claims;

namespace KeyVaultApp.Domain;

/// <summary>Stored numbers; they never move.</summary>
public enum ActorKind
{
    User = 1,
    Token = 2,
    CommandLine = 3,
    System = 4,
}

/// <summary>Who does something, and where they may. Every slice takes one.</summary>
/// <param name="Workspaces">The workspaces within reach; null is all of them.</param>
public sealed record Actor(ActorKind Kind, Guid? Id, string Name, Role Role, IReadOnlyCollection<Guid>? Workspaces)
{
    private const string KindClaim = "actor_kind";
    private const string WorkspaceClaim = "workspace";
    private const string EveryWorkspace = "*";

    /// <summary>Somebody with a shell on the machine: whoever may read the master key needs no role.</summary>
    public static Actor CommandLine(string login) => new(ActorKind.CommandLine, null, login, Role.Admin, null);

    public bool MayReach(Guid workspaceId) => Workspaces is null || Workspaces.Contains(workspaceId);

    public ClaimsIdentity ToIdentity(string scheme) => new(
        [
            new Claim(KindClaim, Kind.ToString()),
            new Claim(ClaimTypes.NameIdentifier, Id.ToString()!),
            new Claim(ClaimTypes.Name, Name),
            new Claim(ClaimTypes.Role, Role.ToString()),
            .. (Workspaces?.Select(id => id.ToString()) ?? [EveryWorkspace]).Select(id => new Claim(WorkspaceClaim, id)),
        ],
        scheme);

    public static Actor Of(ClaimsPrincipal principal)
    {
        string Required(string type) => principal.FindFirstValue(type) ?? throw new InvalidOperationException($"The principal has no {type} claim.");
        var workspaces = principal.FindAll(WorkspaceClaim).Select(claim => claim.Value).ToArray();

        return new Actor(
            Enum.Parse<ActorKind>(Required(KindClaim)),
            Guid.Parse(Required(ClaimTypes.NameIdentifier)),
            Required(ClaimTypes.Name),
            Enum.Parse<Role>(Required(ClaimTypes.Role)),
            workspaces is [EveryWorkspace] ? null : [.. workspaces.Select(Guid.Parse)]);
    }
}
