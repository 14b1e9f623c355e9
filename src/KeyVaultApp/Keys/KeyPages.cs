using KeyVaultApp.Activity;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using KeyVaultApp.Workspaces;

namespace KeyVaultApp.Keys;

// What each page of keys shows, and no more than that.

public sealed record KeyListPage(
    Page<KeyRow> Keys, ListQuery Query, ListKeys.Filter Filter, IReadOnlyList<string> Providers, IReadOnlyList<WorkspaceChoice> Workspaces)
{
    public bool IsFiltered => Query.Needle is not null || Filter != new ListKeys.Filter();
}

/// <param name="IsNew">It was made a moment ago: the page says where to go next.</param>
/// <param name="Lacking">Agents that get no key because this one is stopped.</param>
public sealed record KeyPage(
    KeyRow Key, Page<KeyUser> Users, Page<WorkspacesOfKey.Row> Workspaces, IReadOnlyList<ListVersions.Row> Versions,
    Page<ListTests.Row> Tests, Page<ListActivity.Row> Activity, IReadOnlyList<SameValue.Row> Twins, bool IsNew, int Lacking);

public sealed record KeyTestsPage(KeyRow Key, Page<ListTests.Row> Tests);

/// <summary>The fields that new and edit have in common, as they were typed.</summary>
public sealed record KeyFields(string? Name, string? Provider, string? Region, string? Notes, DateOnly? ExpiresOn);

/// <summary>Whose key it is: what is asked with every new value.</summary>
/// <param name="Kind">Where it is settled already; else the form's own field says it.</param>
public sealed record KeyPlace(string? Provider, string? Region, KeyKind? Kind, IReadOnlyList<KeyProvider> Providers);

public sealed record ReplaceKeyPage(KeyRow Key, string? Provider, string? Region, IReadOnlyList<KeyProvider> Providers);

public sealed record NewKeyPage(
    KeyKind? Kind, KeyFields Fields, KeyPlace Place, WorkspacePicker Workspaces);

/// <param name="Meanwhile">What somebody else saved while this form was open: field, as it is now, as it was typed.</param>
public sealed record EditKeyPage(KeyRow Key, KeyFields Fields, IReadOnlyList<(string Field, string? Now, string? Typed)> Meanwhile);

/// <param name="Then">The page to go on with when the agents are moved.</param>
/// <param name="Losing">Those of the users that get their key from it now.</param>
public sealed record KeyInUsePage(KeyRow Key, KeyUsers Users, IReadOnlyList<FittingKeys.Row> Fitting, string Then, int Losing);

public sealed record KeyWorkspacesPage(KeyRow Key, Page<WorkspacesOfKey.Row> Workspaces, ListQuery Query, WorkspacesOfKey.Filter Filter);

/// <summary>A review of assignments, whichever side they are seen from.</summary>
/// <param name="What">Of what there are more or fewer then: workspaces of a key, or keys of a workspace.</param>
/// <param name="Back">The page with the ticks.</param>
/// <param name="Form">What was ticked, posted again to apply it.</param>
public sealed record ReviewPage(
    string Title, (string One, string Many) What, string Back, string Apply, ReviewAssignments.Form Form, ReviewAssignments.Answer Review);

public sealed record WorkspacePage(
    WorkspaceFacts.Row Workspace, Page<KeysOfWorkspace.Row> Keys, ListQuery Query, KeysOfWorkspace.Filter Filter, bool MayAssign);

/// <summary>What somebody whose own workspace it is sees.</summary>
public sealed record OwnWorkspacePage(WorkspaceFacts.Row Workspace, IReadOnlyList<WorkspaceKeys.Row> Keys);

/// <param name="Losing">How many agents get their key now from each of the keys; those that serve nobody are left out.</param>
public sealed record BulkDisablePage(IReadOnlyList<KeyRow> Keys, IReadOnlyDictionary<Guid, int> Losing);

public sealed record BulkPage(IReadOnlyList<KeyRow> Keys, WorkspacePicker Workspaces);
