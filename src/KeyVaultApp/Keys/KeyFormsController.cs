using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace KeyVaultApp.Keys;

/// <summary>Makes keys, describes them anew, and gives them new values.</summary>
[Route("/keys")]
[Authorize(Policy = Access.Administer)]
public sealed class KeyFormsController : PageController
{
    [HttpGet("new")]
    public Task<IActionResult> New(
        string? kind, [FromQuery(Name = "workspace_id")] Guid? workspaceId,
        [FromServices] ITestKeys tests, [FromServices] KeyVaultDb db, CancellationToken ct) =>
        NewPage(KeyKinds.Parse(kind), new KeyFields(null, null, null, null, null), workspaceId is { } id ? [id] : [], null, tests, db, ct);

    [HttpPost("new")]
    public Task<IActionResult> New(
        [FromForm] CreateKey.Form form, [FromForm(Name = WorkspacePicker.TypedField)] string? more,
        [FromServices] CreateKey create, [FromServices] ITestKeys tests, [FromServices] KeyVaultDb db, CancellationToken ct) =>
        SaveAsync(
            async () =>
            {
                var asked = form with
                {
                    Provider = form.Provider.NullIfBlank(),
                    Region = form.Region.NullIfBlank(),
                    ExpiresAt = Expiry.EndOf(Expiry.DayOf(form.ExpiresAt)),
                    WorkspaceIds = await db.WithTypedAsync(form.WorkspaceIds, more, ct) ?? throw KeyLookup.UnknownWorkspace(),
                };
                var created = await create.RunAsync(asked, Actor.Of(User), ct);
                return Done($"Key created. {Words(created.Trial)}", $"/keys/{created.Id}?created=true");
            },
            () => NewPage(
                form.Kind, new KeyFields(form.Name, form.Provider, form.Region, form.Notes, Expiry.DayOf(form.ExpiresAt)), form.WorkspaceIds ?? [], more, tests, db, ct));

    [HttpGet("{id:guid}/edit")]
    public async Task<IActionResult> Edit(Guid id, [FromServices] GetKey get, CancellationToken ct)
    {
        var key = await get.RunAsync(id, ct);
        return View(new EditKeyPage(key, FieldsOf(key), []));
    }

    [HttpPost("{id:guid}/edit")]
    public Task<IActionResult> Edit(
        Guid id, [FromForm] ChangeKey.Form form, [FromForm(Name = "expires_at")] DateOnly? expiresOn,
        [FromServices] ChangeKey change, [FromServices] GetKey get, CancellationToken ct) =>
        SaveAsync(
            async () =>
            {
                var key = await get.RunAsync(id, ct);
                // The form shows the day alone: the same day leaves the time of it as it is.
                var expiresAt = expiresOn == Expiry.DayOf(key.ExpiresAt) ? default : new Optional<DateTimeOffset?>(Expiry.EndOf(expiresOn));
                await change.RunAsync(id, form with { ExpiresAt = expiresAt }, Actor.Of(User), ct);
                return Done("Key saved.", $"/keys/{id}");
            },
            async () =>
            {
                var key = await get.RunAsync(id, ct);
                var saved = FieldsOf(key);
                var typed = new KeyFields(form.Name.Value, saved.Provider, saved.Region, form.Notes.Value, expiresOn);
                return View("Edit", new EditKeyPage(key, typed, key.Version == form.Version ? [] : Differences(saved, typed)));
            });

    [HttpGet("{id:guid}/replace")]
    public async Task<IActionResult> Replace(Guid id, [FromServices] GetKey get, [FromServices] ITestKeys tests, CancellationToken ct) =>
        View(ReplacePage(await get.RunAsync(id, ct), tests));

    [HttpPost("{id:guid}/replace")]
    public Task<IActionResult> Replace(
        Guid id, [FromForm] ReplaceKey.Form form, [FromServices] ReplaceKey replace, [FromServices] GetKey get, [FromServices] ITestKeys tests, CancellationToken ct) =>
        SaveAsync(
            async () =>
            {
                var trial = await replace.RunAsync(id, form with { Provider = form.Provider.NullIfBlank(), Region = form.Region.NullIfBlank() }, Actor.Of(User), ct);
                return Done($"Value replaced. Every agent of this key gets the new one from now on. {Words(trial)}", $"/keys/{id}");
            },
            async () => View("Replace", ReplacePage(await get.RunAsync(id, ct), tests) is var page && form.Provider is null ? page : page with { Provider = form.Provider, Region = form.Region }));

    private async Task<IActionResult> NewPage(
        KeyKind? kind, KeyFields fields, IReadOnlyList<Guid> workspaceIds, string? more, ITestKeys tests, KeyVaultDb db, CancellationToken ct) =>
        View("New", new NewKeyPage(
            kind, fields, new KeyPlace(fields.Provider, fields.Region, null, tests.Providers),
            await db.WorkspacePickerAsync(Actor.Of(User), workspaceIds.Select(id => id.ToString()), more, ct)));

    private static ReplaceKeyPage ReplacePage(KeyRow key, ITestKeys tests) => new(key, key.Provider, key.Region, tests.Providers);

    private static KeyFields FieldsOf(KeyRow key) => new(key.Name, key.Provider, key.Region, key.Notes, Expiry.DayOf(key.ExpiresAt));

    private static string Words(KeyTrial trial) => string.Join(' ', [trial.Test.Detail, .. trial.Warnings]);

    private static IReadOnlyList<(string Field, string? Now, string? Typed)> Differences(KeyFields saved, KeyFields typed)
    {
        (string Field, string? Now, string? Typed)[] all =
        [
            ("Name", saved.Name, typed.Name),
            ("Notes", saved.Notes, typed.Notes),
            ("Expires", saved.ExpiresOn?.ToString("yyyy-MM-dd"), typed.ExpiresOn?.ToString("yyyy-MM-dd")),
        ];
        return [.. all.Where(field => (field.Now ?? "") != (field.Typed ?? ""))];
    }
}
