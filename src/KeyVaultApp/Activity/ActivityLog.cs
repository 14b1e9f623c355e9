using System.Text.Json;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;

namespace KeyVaultApp.Activity;

/// <summary>What a change was done to.</summary>
public sealed record Target(string Kind, Guid? Id, string Name, Guid? WorkspaceId = null)
{
    /// <summary>Every kind there is, to filter by. Stored words are never reused or renamed.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["key", "workspace", "agent", "user", "token", "rollout", "plan", "run", "backfill", "key_audit"];

    public static Target Of(Workspace workspace) => new("workspace", workspace.Id, workspace.Name, workspace.Id);

    public static Target Of(KeyResource key) => new("key", key.Id, key.Name);

    public static Target Of(Agent agent) => new("agent", agent.Id, agent.Name, agent.WorkspaceId);

    public static Target Of(User user) => new("user", user.Id, user.Email!);

    public static Target Of(AccessToken token) => new("token", token.Id, token.Name);
}

/// <summary>Adds entries to the unit of work of the change they tell of: both are saved, or neither.</summary>
public sealed class ActivityLog(KeyVaultDb db, TimeProvider clock, IHttpContextAccessor http)
{
    /// <param name="before">What the change was about, as it was; a <see cref="Secret"/> among them is written as three dots.</param>
    /// <param name="after">The same members, as they are now.</param>
    public void Record(Actor actor, string action, Target target, object? before = null, object? after = null) =>
        db.Activity.Add(Entry(actor, action, target, before, after));

    /// <summary>The same for a change that writes its entries in bulk.</summary>
    public ActivityEntry Entry(Actor actor, string action, Target target, object? before = null, object? after = null)
    {
        var now = clock.GetUtcNow();
        return new ActivityEntry
        {
            Id = Guid.CreateVersion7(now),
            At = now,
            ActorKind = actor.Kind,
            ActorId = actor.Id,
            ActorName = actor.Name,
            Action = action,
            TargetKind = target.Kind,
            TargetId = target.Id,
            TargetName = target.Name,
            WorkspaceId = target.WorkspaceId,
            Before = before is null ? null : JsonSerializer.Serialize(before, Json.Options),
            After = after is null ? null : JsonSerializer.Serialize(after, Json.Options),
            Address = http.HttpContext?.Connection.RemoteIpAddress?.ToString(),
            TraceId = Trace.Id,
        };
    }
}
