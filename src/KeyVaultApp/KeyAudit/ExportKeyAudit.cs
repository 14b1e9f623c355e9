using System.Runtime.CompilerServices;
using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Keys;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.KeyAudit;

/// <summary>
/// Writes the workbook: every agent with its keys, and every distinct key with room for a decision. The agents are read once;
/// memory does not grow with them.
/// </summary>
public sealed class ExportKeyAudit(KeyVaultDb db, ILegacyKeys legacy, ITestKeys providers, IServiceScopeFactory scopes, ActivityLog activity, TimeProvider clock)
{
    public sealed record Filter([property: FromQuery(Name = "workspace_id")] string? WorkspaceId = null);

    public sealed record Answer(int Agents, Guid? WorkspaceId);

    private sealed record Scope(Guid? WorkspaceId, string Name, RolloutPhase Installation, RolloutPhase Phase, int Agents);

    /// <param name="output">Nothing is written to it before it is sure that there is such a workspace.</param>
    /// <param name="progress">Told of agents now and then.</param>
    public async Task<Answer> RunAsync(Filter filter, Stream output, Actor actor, IProgress<string>? progress, CancellationToken ct)
    {
        var scope = await ScopeAsync(Fields.Id(filter.WorkspaceId, "workspace_id"), ct);
        // Before the first byte goes out: who got a part of it got it too.
        var target = new Target("key_audit", null, scope.Name, scope.WorkspaceId);
        activity.Record(actor, Actions.KeyAuditExported, target, after: new { scope.WorkspaceId, scope.Agents });
        await db.SaveChangesAsync(ct);

        db.AllowLongStatements();
        await using var beside = scopes.CreateAsyncScope();
        var aside = beside.ServiceProvider.GetRequiredService<KeyVaultDb>();
        aside.AllowLongStatements();
        await using var transaction = await aside.BeginAsideAsync(ct);
        var keys = await KnownKeys.LoadAsync(aside, clock.GetUtcNow(), ct);
        var tables = await AuditTables.CreateAsync(aside, ct);

        await using var template = LayOutWorkbook.Make(Facts(scope, actor), [.. providers.Providers.Where(provider => !provider.NeedsRegion).Select(provider => provider.Name)]);
        await using var workbook = await WorkbookWriter.CreateAsync(template, output, ct);
        await workbook.WriteRowsAsync(Sheets.Agents, AgentsAsync(scope, keys, tables, progress, ct), WriteRow.Agent, ct);
        await tables.CompleteAsync(ct);
        var names = new SuggestNames(keys.Names);
        await workbook.WriteRowsAsync(Sheets.DistinctKeys, tables.Rows.DistinctAsync(ct), (row, key) => WriteRow.Distinct(row, key, names.Next(key.Key)), ct);
        await workbook.WriteRowsAsync(Sheets.SharedKeys, tables.Rows.SharedAsync(ct), (row, key) => WriteRow.Shared(row, key, names.Next(key.Key)), ct);
        await workbook.WriteRowsAsync(Sheets.Summary, tables.Rows.CountsAsync(), WriteRow.Counts, ct);
        await workbook.CompleteAsync(ct);
        return new Answer(scope.Agents, scope.WorkspaceId);
    }

    private async Task<Scope> ScopeAsync(Guid? workspaceId, CancellationToken ct)
    {
        var installation = await db.Rollout.AsNoTracking().Select(rollout => rollout.Phase).SingleAsync(ct);
        if (workspaceId is not { } id) return new Scope(null, "All workspaces", installation, installation, await db.Agents.CountAsync(ct));
        var workspace = await db.Workspaces.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, ct) ?? throw Refusal.UnknownIn("workspace_id", "There is no such workspace.");
        return new Scope(id, workspace.Name, installation, workspace.Phase ?? installation, await db.Agents.CountAsync(agent => agent.WorkspaceId == id, ct));
    }

    private IReadOnlyList<(string Label, string Text)> Facts(Scope scope, Actor actor) =>
    [
        ("Made at", $"{clock.GetUtcNow():yyyy-MM-dd HH:mm} UTC"),
        ("By", actor.Name),
        ("Scope", scope.Name),
        ("Phase", scope.WorkspaceId is null ? $"{Fields.WordOf(scope.Phase)} (workspaces may have their own)" : Fields.WordOf(scope.Phase)),
        ("Agents", $"{scope.Agents:N0}"),
    ];

    private async IAsyncEnumerable<AuditedAgent> AgentsAsync(
        Scope scope, KnownKeys keys, AuditTables tables, IProgress<string>? progress, [EnumeratorCancellation] CancellationToken ct)
    {
        var read = 0;
        await foreach (var agent in new ReadFleet(db, legacy, clock).RunAsync(scope.WorkspaceId, scope.Installation, keys, ct))
        {
            await tables.AddAsync(agent, ct);
            if (!agent.Workspace.IsAsked) continue;
            if (++read % 1000 == 0) progress?.Report($"{read:N0} of {scope.Agents:N0} agents");
            yield return agent;
        }
    }
}
