using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;

namespace KeyVaultApp.Rollout;

/// <summary>
/// What a switch would change, agent by agent and slot by slot, before anybody switches. It compares fingerprints and opens
/// nothing, so of a value that no longer opens it knows nothing: <c>keyring verify</c> does. Writes nothing.
/// </summary>
public sealed class Preflight(KeyVaultDb db, PhaseSwitches switches, ChangedAnswers changedAnswers, Coverage coverage)
{
    /// <param name="Phase">Null, with a workspace, follows the installation again.</param>
    public sealed record Form(RolloutPhase? Phase, Guid? WorkspaceId)
    {
        /// <summary>As a query string has it.</summary>
        public static Form Of(string? phase, string? workspaceId) => new(Fields.Word<RolloutPhase>(phase, "phase"), Fields.Id(workspaceId, "workspace_id"));
    }

    /// <summary>How many slots of a kind would change for one reason.</summary>
    public sealed record SlotCount(KeyKind Kind, ChangeReason Reason, int Slots);

    /// <param name="PhaseNow">In force before the switch.</param>
    /// <param name="Phase">In force after it.</param>
    /// <param name="Total">Agents that would get another answer; <paramref name="Agents"/> are a page of them.</param>
    /// <param name="Coverage">Of a switch forward; empty for the way back.</param>
    public sealed record Answer(
        RolloutPhase PhaseNow, RolloutPhase Phase, Guid? WorkspaceId, int Total, IReadOnlyList<ChangedAgent> Agents,
        [property: JsonPropertyName("page")] int Number, int PageSize,
        IReadOnlyList<SlotCount> Slots, IReadOnlyList<Coverage.Row> Coverage, IReadOnlyList<string> Warnings);

    public async Task<Answer> RunAsync(Form form, ListQuery list, CancellationToken ct)
    {
        var change = await switches.ReadAsync(form.Phase, form.WorkspaceId, ct);
        var first = (list.PageNumber - 1) * list.Size;
        var (total, page, slots) = (0, new List<ChangedAgent>(), new Dictionary<(KeyKind Kind, ChangeReason Reason), int>());
        await foreach (var agent in changedAnswers.FindAsync(change, ct))
        {
            if (total++ >= first && page.Count < list.Size) page.Add(agent);
            foreach (var slot in agent.Slots) slots[(slot.Kind, slot.Reason)] = slots.GetValueOrDefault((slot.Kind, slot.Reason)) + 1;
        }

        var covered = change.After == RolloutPhase.DirectKeys ? [] : await coverage.OfAsync(change.Workspaces(db), ct);
        return new Answer(
            change.Before, change.After, change.WorkspaceId, total, page, list.PageNumber, list.Size,
            [.. slots.Select(slot => new SlotCount(slot.Key.Kind, slot.Key.Reason, slot.Value)).OrderBy(slot => slot.Kind).ThenBy(slot => slot.Reason)],
            covered, [.. Warnings(covered)]);
    }

    /// <returns>All changed slots as a CSV file, in pieces.</returns>
    public async IAsyncEnumerable<string> ExportAsync(Form form, [EnumeratorCancellation] CancellationToken ct)
    {
        var change = await switches.ReadAsync(form.Phase, form.WorkspaceId, ct);
        yield return Csv.Start(
            "workspace", "workspace_id", "agent", "agent_id", "kind", "reason",
            "before", "before_key", "before_last4", "after", "after_key", "after_last4");
        await foreach (var agent in changedAnswers.FindAsync(change, ct))
            foreach (var slot in agent.Slots)
                yield return Csv.Line(
                    [agent.WorkspaceName, agent.WorkspaceId.ToString(), agent.Name, agent.Id.ToString(), slot.Kind.Word(), Fields.WordOf(slot.Reason), .. Cells(slot.Before), .. Cells(slot.After)]);
    }

    private static IEnumerable<string?> Cells(ToldAnswer answer) =>
        [answer.Code is null ? Fields.WordOf(answer.Source!.Value) : answer.Reason is { } reason ? Fields.WordOf(reason) : answer.Code, answer.KeyName, answer.Last4];

    private static IEnumerable<string> Warnings(IReadOnlyList<Coverage.Row> covered)
    {
        var (distinct, assigned) = (covered.Sum(row => row.Distinct), covered.Sum(row => row.Assigned));
        if (assigned < distinct)
            yield return $"{distinct - assigned:N0} of {Count.Of(distinct, "distinct legacy key")} have no key assigned in their workspace ({100L * assigned / distinct} % covered): phase 1, a key for each of them, is not complete.";
    }
}
