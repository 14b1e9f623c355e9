using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Rollout;

/// <summary>
/// Switches the phase of one workspace or of the installation. A switch after which an agent would get another answer is
/// refused with the agents, unless it is forced; then the log keeps who they were. What is edited meanwhile is looked at again
/// under a lock (docs/decisions/0008).
/// </summary>
public sealed class SetPhase(KeyVaultDb db, PhaseSwitches switches, Phases phases, ChangedAnswers changedAnswers, ActivityLog activity, TimeProvider clock)
{
    public const string WouldChangeCode = "would_change_answers";

    private const int NamedInRefusal = 50;
    private const int NamedInLog = 1000;

    /// <summary>More than any write takes, and than clocks differ: edits since then may have been missed by the first look.</summary>
    private static readonly TimeSpan LongestWrite = TimeSpan.FromHours(1);

    /// <param name="Phase">Null, with a workspace, follows the installation again.</param>
    public sealed record Form(RolloutPhase? Phase, Guid? WorkspaceId, bool? Force);

    public async Task RunAsync(Form form, Actor actor, CancellationToken ct)
    {
        var began = clock.GetUtcNow();
        var change = await switches.ReadAsync(form.Phase, form.WorkspaceId, ct);
        if (change.Own == form.Phase) return;
        var found = new Found();
        await found.AddAsync(changedAnswers.FindAsync(change, ct), ct);
        RefuseUnless(form.Force is true, found);

        // The long look is over; from here on nobody edits, and there is little left to look at.
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await phases.TakeAsync(form.WorkspaceId, ct);
        if (await switches.ReadAsync(form.Phase, form.WorkspaceId, ct) != change)
            throw Refusal.Conflict("changed_meanwhile", "The phase was switched meanwhile. Look at it again, and repeat the switch.");
        await found.AddAsync(changedAnswers.FindAsync(change, ct, since: began - LongestWrite), ct);
        RefuseUnless(form.Force is true, found);

        var target = await WriteAsync(form, change.After, ct);
        activity.Record(actor, Actions.PhaseSet, target, new { Phase = change.Own }, new
        {
            form.Phase,
            Forced = found.Total > 0,
            ChangedAgents = found.Total,
            AgentIds = found.Agents.Select(agent => agent.Id),
        });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    private async Task<Target> WriteAsync(Form form, RolloutPhase after, CancellationToken ct)
    {
        if (form.WorkspaceId is not { } id)
        {
            (await db.Rollout.SingleAsync(ct)).Phase = after;
            return new Target("rollout", null, "installation");
        }

        var workspace = await db.Workspaces.SingleAsync(row => row.Id == id, ct);
        workspace.Phase = form.Phase;
        workspace.Touch(clock.GetUtcNow());
        return Target.Of(workspace);
    }

    private static void RefuseUnless(bool forced, Found found)
    {
        if (found.Total > 0 && !forced) throw WouldChange(found.Total, found.Agents, found.Agents.Take(NamedInRefusal).SelectMany(ChangeWords.Lines));
    }

    /// <summary>No, with the agents that would get another answer.</summary>
    /// <param name="lines">The same agents at a command line.</param>
    public static Refusal WouldChange(int total, IEnumerable<object> agents, IEnumerable<string> lines) => new(
        RefusalKind.Conflict,
        WouldChangeCode,
        $"{Count.Of(total, "agent")} would get another answer than now. Look at them first. To switch all the same, tick that box on the page, or set force.")
    {
        Facts = new Dictionary<string, object?> { ["total"] = total, ["agents"] = agents.Take(NamedInRefusal) },
        AtCommandLine =
        [
            .. lines,
            $"{Count.Of(total, "agent")} would get another answer than now: refused without --force. Look at them first{(total > NamedInRefusal ? $"; {NamedInRefusal} of them are named" : "")}.",
        ],
    };

    /// <summary>Who would change: how many, and as many as the log keeps.</summary>
    private sealed class Found
    {
        private readonly Dictionary<Guid, ChangedAgent> _agents = [];

        public int Total { get; private set; }

        public IReadOnlyCollection<ChangedAgent> Agents => _agents.Values;

        public async Task AddAsync(IAsyncEnumerable<ChangedAgent> agents, CancellationToken ct)
        {
            await foreach (var agent in agents.WithCancellation(ct))
            {
                if (_agents.ContainsKey(agent.Id)) continue;
                Total++;
                if (_agents.Count < NamedInLog) _agents.Add(agent.Id, agent);
            }
        }
    }
}
