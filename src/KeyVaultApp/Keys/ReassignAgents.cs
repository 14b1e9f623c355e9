using System.Linq.Expressions;
using FluentValidation;
using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Keys;

/// <summary>Moves every agent that references one key to another, in one statement.</summary>
public sealed class ReassignAgents(KeyVaultDb db, KeyUse use, ActivityLog activity, TimeProvider clock)
{
    public sealed record Form(Guid? KeyId);

    /// <param name="Moved">Agents that reference the other key now.</param>
    /// <param name="Remaining">Agents that still reach the first one through an old column, which is never rewritten here.</param>
    public sealed record Answer(int Moved, int Remaining);

    private sealed class Validator : AbstractValidator<Form>
    {
        public Validator() => RuleFor(form => form.KeyId).IsGiven();
    }

    private static readonly Validator Rules = new();

    public async Task<Answer> RunAsync(Guid id, Form form, Actor actor, CancellationToken ct)
    {
        Rules.Check(form);
        var otherId = form.KeyId!.Value;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await use.LockAsync([id, otherId], ct);
        var key = await db.FindKeyAsync(id, ct);
        var other = await db.Keys.AsNoTracking().SingleOrDefaultAsync(row => row.Id == otherId, ct)
            ?? throw Refusal.Invalid("key_id", "key_id names a key that there is not.");
        var now = clock.GetUtcNow();
        await RequireFitAsync(key, other, now, ct);

        var moved = await db.Agents.Where(References(key.Kind, id)).ExecuteUpdateAsync(agent => agent
            .SetProperty(row => row.SelectedTtsKeyId, row => row.SelectedTtsKeyId == id ? otherId : row.SelectedTtsKeyId)
            .SetProperty(row => row.SelectedSttKeyId, row => row.SelectedSttKeyId == id ? otherId : row.SelectedSttKeyId)
            .SetProperty(row => row.SelectedElevenlabsKeyId, row => row.SelectedElevenlabsKeyId == id ? otherId : row.SelectedElevenlabsKeyId)
            .SetProperty(row => row.Version, row => row.Version + 1)
            .SetProperty(row => row.UpdatedAt, now), ct);
        if (moved > 0)
        {
            activity.Record(actor, Actions.AgentsReassigned, Target.Of(key), new { Agents = moved }, new { ToKeyId = otherId, ToKeyName = other.Name });
            await db.SaveChangesAsync(ct);
        }

        var remaining = await use.CountAsync(id, ct);
        await transaction.CommitAsync(ct);
        return new Answer(moved, remaining);
    }

    private async Task RequireFitAsync(KeyResource key, KeyResource other, DateTimeOffset now, CancellationToken ct)
    {
        if (other.Id == key.Id) throw Refusal.Invalid("key_id", "key_id is the key that the agents use already.");
        if (other.Kind != key.Kind) throw Refusal.Invalid("key_id", $"The other key is for {other.Kind.Word()}, this one for {key.Kind.Word()}.");
        if (!other.IsUsable(now)) throw Refusal.Invalid("key_id", "The other key is disabled or expired.");
        var lacking = await db.Agents.Where(References(key.Kind, key.Id))
            .Select(agent => agent.WorkspaceId).Distinct()
            .CountAsync(workspace => !db.KeyAssignments.Any(assignment => assignment.KeyId == other.Id && assignment.WorkspaceId == workspace), ct);
        if (lacking > 0) throw Refusal.Invalid("key_id", $"The other key is not assigned to {lacking} of the workspaces whose agents would move. Assign it first.");
    }

    internal static Expression<Func<Agent, bool>> References(KeyKind kind, Guid keyId) => kind switch
    {
        KeyKind.Tts => agent => agent.SelectedTtsKeyId == keyId,
        KeyKind.Stt => agent => agent.SelectedSttKeyId == keyId,
        _ => agent => agent.SelectedElevenlabsKeyId == keyId,
    };
}
