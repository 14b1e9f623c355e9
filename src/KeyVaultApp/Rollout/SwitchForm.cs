using KeyVaultApp.Domain;
using KeyVaultApp.Web;

namespace KeyVaultApp.Rollout;

/// <summary>What the list of phases shows.</summary>
/// <param name="Apart">Workspaces in another phase than the installation.</param>
/// <param name="HasOldColumns">Whether there is a way back, and pages about it.</param>
public sealed record RolloutPage(RolloutPhase Installation, int Apart, Page<ListPhases.Row> Workspaces, ListQuery List, bool HasOldColumns);

/// <summary>Whose phase is switched, and to what.</summary>
/// <param name="Workspace">Null for the installation.</param>
/// <param name="Chosen">The phase to switch to; null follows the installation, or nothing is chosen yet.</param>
public sealed record SwitchForm(RolloutPhase Installation, ListPhases.Row? Workspace, RolloutPhase? Chosen)
{
    /// <summary>What is in force, as the word of a choice; blank follows the installation.</summary>
    public string Current => Workspace is null ? Fields.WordOf(Installation) : Word(Workspace.Own);

    public string What => Workspace?.Name ?? "the installation";

    /// <summary>As it is now, in a sentence.</summary>
    public string Stands => Workspace switch
    {
        null => $"The installation is in {PhaseWords.Title(Installation)} now.",
        { Own: { } own } => $"{Workspace.Name} is in {PhaseWords.Title(own)} now.",
        _ => $"{Workspace.Name} follows the installation now: {PhaseWords.Title(Installation)}.",
    };

    /// <summary>The phase that would be set, as the word of a choice.</summary>
    public static string Word(RolloutPhase? phase) => phase is { } set ? Fields.WordOf(set) : "";

    public string Command(string verb, string phase) =>
        $"KeyVaultApp rollout {verb} {(phase.Length == 0 ? "inherit" : phase)}{(Workspace is null ? "" : $" --workspace {Workspace.Id}")}";
}

/// <summary>What a switch would change, before it is confirmed.</summary>
public sealed record PreflightPage(SwitchForm Form, Preflight.Answer Found, bool HasOldColumns)
{
    private const int MostRows = 50;

    public bool IsInForce => SwitchForm.Word(Form.Chosen) == Form.Current;

    public IReadOnlyList<Coverage.Row> Uncovered => [.. Found.Coverage.Where(row => !row.IsComplete).Take(MostRows)];

    public int UncoveredCount => Found.Coverage.Count(row => !row.IsComplete);

    /// <summary>As a query string, for links to the same switch.</summary>
    public string Query => $"?phase={SwitchForm.Word(Form.Chosen)}{(Form.Workspace is { } workspace ? $"&workspace_id={workspace.Id}" : "")}";
}

public sealed class SwitchForms(Phases phases, ListPhases list, Preflight preflight, ILegacyKeys legacy)
{
    public async Task<SwitchForm> ReadAsync(Guid? workspaceId, RolloutPhase? chosen, CancellationToken ct) => new(
        await phases.OfInstallationAsync(ct), workspaceId is { } id ? await list.OneAsync(id, ct) : null, chosen);

    public async Task<PreflightPage> PreflightAsync(Guid? workspaceId, RolloutPhase? chosen, ListQuery query, CancellationToken ct) => new(
        await ReadAsync(workspaceId, chosen, ct), await preflight.RunAsync(new Preflight.Form(chosen, workspaceId), query, ct), legacy.Exist);
}
