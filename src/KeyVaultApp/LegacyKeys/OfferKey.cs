using System.Text.Json.Serialization;
using KeyVaultApp.Agents;
using KeyVaultApp.Domain;
using KeyVaultApp.Encryption;
using KeyVaultApp.Keys;
using KeyVaultApp.Rollout;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys;

/// <summary>What can be made of an agent's raw key: how it looks, which keys have the value already, and how many agents hold it.</summary>
public sealed class OfferKey(KeyVaultDb db, ILegacyKeys legacy, Hygiene hygiene, Fingerprints fingerprints, Phases phases, LinkAgents link, TimeProvider clock)
{
    public sealed record Match(Guid Id, string Name, KeyState Status, bool Assigned);

    /// <param name="Findings">What looks wrong with the value.</param>
    /// <param name="Matches">Keys of this kind that have the value already, usable ones first.</param>
    /// <param name="InWorkspace">Agents of the workspace that a link would reach, this one among them.</param>
    /// <param name="Workspaces">How many workspaces those in all workspaces belong to.</param>
    public sealed record Answer(
        Guid AgentId, string AgentName, Guid WorkspaceId, string WorkspaceName, KeyKind Kind, string? Last4,
        IReadOnlyList<HygieneFindings> Findings, IReadOnlyList<Match> Matches, int InWorkspace, int InAllWorkspaces, int Workspaces)
    {
        /// <summary>The phase of the installation, for those who follow it.</summary>
        [JsonIgnore]
        public RolloutPhase Installation { get; init; }
    }

    public async Task<Answer> RunAsync(Guid agentId, KeyKind kind, Actor actor, CancellationToken ct) => (await ReadAsync(agentId, kind, actor, ct)).Offer;

    /// <summary>In a transaction it holds the phase of the agent's workspace until the end of it.</summary>
    /// <exception cref="Refusal">There is no raw key that a key could be made of.</exception>
    internal async Task<(Answer Offer, Secret Value)> ReadAsync(Guid agentId, KeyKind kind, Actor actor, CancellationToken ct)
    {
        var agent = await db.FindAgentAsync(agentId, actor, ct);
        var phase = db.Database.CurrentTransaction is null ? await phases.OfWorkspaceAsync(agent.WorkspaceId, ct) : await phases.HoldAsync(agent.WorkspaceId, ct);
        if (phase == RolloutPhase.ReferencesOnly)
            throw Refusal.Conflict("legacy_not_read", "The workspace is in references_only, where old columns are not read.");
        if (agent.Reference(kind) is not null) throw Refusal.Conflict("already_referenced", "The slot references a key already.");
        var row = await legacy.Rows.SingleOrDefaultAsync(row => row.AgentId == agentId, ct);
        if (Secret.OrNull(row?.Value(kind)) is not { IsBlank: false } value) throw Refusal.Conflict("no_legacy_key", "The slot holds no raw key.");

        var named = value.AsKeyId is { } id ? (await NamedKeys.LoadAsync(db, [id], [agent.WorkspaceId], ct)).Find(id, agent.WorkspaceId) : null;
        if (named is not null) throw Refusal.Conflict("names_key", $"The old column holds no raw key but the id of the key {named.Name}. Pick that key.");

        var installation = await phases.OfInstallationAsync(ct);
        var workspace = await db.Workspaces.Where(one => one.Id == agent.WorkspaceId).Select(one => one.Name).SingleAsync(ct);
        var findings = hygiene.Of(kind, value) | (value.AsKeyId is null ? HygieneFindings.None : HygieneFindings.UnknownId);
        var offer = new Answer(
            agent.Id, agent.Name, agent.WorkspaceId, workspace, kind, value.Last4,
            [.. Enum.GetValues<HygieneFindings>().Where(finding => finding != HygieneFindings.None && findings.HasFlag(finding))],
            await MatchesAsync(agent.WorkspaceId, kind, value, ct), 0, 0, 0)
        {
            Installation = installation,
        };
        var (inWorkspace, inAll, workspaces) = await link.CountAsync(offer, value, ct);
        return (offer with { InWorkspace = inWorkspace, InAllWorkspaces = inAll, Workspaces = workspaces }, value);
    }

    private async Task<IReadOnlyList<Match>> MatchesAsync(Guid workspaceId, KeyKind kind, Secret value, CancellationToken ct)
    {
        var (fingerprint, now) = (fingerprints.Of(kind, value), clock.GetUtcNow());
        var matches = await db.Keys.AsNoTracking()
            .Where(key => key.Kind == kind && key.Fingerprint == fingerprint)
            .OrderBy(key => key.NormalizedName)
            .Select(key => new Match(
                key.Id, key.Name, key.Status == KeyStatus.Disabled ? KeyState.Disabled : key.ExpiresAt <= now ? KeyState.Expired : KeyState.Active,
                key.Assignments.Any(assignment => assignment.WorkspaceId == workspaceId)))
            .ToListAsync(ct);
        return [.. matches.OrderBy(match => match.Status).ThenByDescending(match => match.Assigned)];
    }
}
